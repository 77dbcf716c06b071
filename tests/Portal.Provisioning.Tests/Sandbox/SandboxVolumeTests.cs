using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>Volumes and what becomes of them when their claim goes.</summary>
public sealed class SandboxVolumeTests : SandboxTest
{
    private const string Claims = "api/v1/namespaces/shop/persistentvolumeclaims";
    private const string Volumes = "api/v1/persistentvolumes";

    [Fact]
    public async Task Volume_OfADeletedClaim_GoesWithTheClassesPolicy()
    {
        var volume = await BindAsync("data");

        await Send(HttpMethod.Delete, $"{Claims}/data");

        await UntilGone($"{Volumes}/{volume}");
    }

    [Fact]
    public async Task Volume_PatchedToRetain_IsReleasedWithItsClaimReference()
    {
        var volume = await RetainAsync("data");

        var released = await Until($"{Volumes}/{volume}", item => (string?)item["status"]!["phase"] == "Released", "the volume to be released");

        Assert.Equal("data", (string?)released["spec"]!["claimRef"]!["name"]);
        Assert.NotNull(released["spec"]!["claimRef"]!["uid"]);
    }

    [Fact]
    public async Task Volume_ReleasedAndGivenFree_CanBeBoundByNameAgain()
    {
        var volume = await RetainAsync("data");
        await Until($"{Volumes}/{volume}", item => (string?)item["status"]!["phase"] == "Released", "the volume to be released");

        await Send(HttpMethod.Patch, $"{Volumes}/{volume}", """{"spec":{"claimRef":{"uid":null,"resourceVersion":null}}}""", "application/merge-patch+json");
        await Until($"{Volumes}/{volume}", item => (string?)item["status"]!["phase"] == "Available", "the volume to be available");
        await Apply($"{Claims}/data", Claim("1Gi", volume));

        await Until($"{Claims}/data", item => (string?)item["status"]!["phase"] == "Bound", "the claim to bind");
        var bound = await Until($"{Volumes}/{volume}", item => (string?)item["status"]!["phase"] == "Bound", "the volume to be bound");
        Assert.Equal((string?)(await Get($"{Claims}/data")).Body["metadata"]!["uid"], (string?)bound["spec"]!["claimRef"]!["uid"]);
    }

    [Fact]
    public async Task Claim_OfAVolumeThatIsStillAnothers_WaitsAndSaysWhy()
    {
        var volume = await RetainAsync("data");
        await Until($"{Volumes}/{volume}", item => (string?)item["status"]!["phase"] == "Released", "the volume to be released");

        await Apply($"{Claims}/data", Claim("1Gi", volume));

        await Until("api/v1/namespaces/shop/events", list => list["items"]!.AsArray().Any(item => (string?)item!["reason"] == "FailedBinding"), "the binding to fail");
        Assert.Equal("Pending", (string?)(await Get($"{Claims}/data")).Body["status"]!["phase"]);
        await Send(HttpMethod.Patch, $"{Volumes}/{volume}", """{"spec":{"claimRef":null}}""", "application/merge-patch+json");
        await Until($"{Claims}/data", item => (string?)item["status"]!["phase"] == "Bound", "the claim to bind");
    }

    [Fact]
    public async Task Volume_DeletedWhileBound_StaysUntilItsClaimIsGone()
    {
        var volume = await BindAsync("data");

        await Send(HttpMethod.Delete, $"{Volumes}/{volume}");

        Assert.NotNull((await Get($"{Volumes}/{volume}")).Body["metadata"]!["deletionTimestamp"]);
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Claims}/data")).Code);
        await Send(HttpMethod.Delete, $"{Claims}/data");
        await UntilGone($"{Volumes}/{volume}");
    }

    private async Task<string> BindAsync(string name)
    {
        await Apply($"{Claims}/{name}", Claim("1Gi", null));
        var claim = await Until($"{Claims}/{name}", item => (string?)item["status"]!["phase"] == "Bound", "the claim to bind");
        return (string)claim["spec"]!["volumeName"]!;
    }

    private async Task<string> RetainAsync(string name)
    {
        var volume = await BindAsync(name);
        var (code, _) = await Send(HttpMethod.Patch, $"{Volumes}/{volume}", """{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}""", "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.OK, code);
        await Send(HttpMethod.Delete, $"{Claims}/{name}");
        await UntilGone($"{Claims}/{name}");
        return volume;
    }

    private static string Claim(string size, string? volume)
    {
        var spec = new JsonObject { ["accessModes"] = new JsonArray("ReadWriteOnce"), ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } } };
        if (volume is not null)
        {
            spec["volumeName"] = volume;
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["spec"] = spec }.ToJsonString();
    }
}
