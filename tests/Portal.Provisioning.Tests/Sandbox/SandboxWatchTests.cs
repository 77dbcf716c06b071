using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Tests.Sandbox;

public class SandboxWatchTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";

    [Fact]
    public async Task Watch_FromAListVersion_SendsWhatChangedSince()
    {
        var version = (string?)(await Get(Maps)).Body["metadata"]!["resourceVersion"];
        await Create("one", "red");
        await Send(HttpMethod.Patch, $"{Maps}/one", """{"data":{"a":"b"}}""", "application/merge-patch+json");
        await Send(HttpMethod.Delete, $"{Maps}/one");

        var events = await Read($"{Maps}?watch=true&resourceVersion={version}&fieldSelector=metadata.name=one", 3);

        Assert.Equal(["ADDED one", "MODIFIED one", "DELETED one"], events);
    }

    [Fact]
    public async Task Watch_ObjectLeavesAndEntersTheSelector_IsDeletedAndAdded()
    {
        var version = (string?)(await Get(Maps)).Body["metadata"]!["resourceVersion"];
        await Create("one", "red");
        await Label("one", "blue");
        await Label("one", "red");

        var events = await Read($"{Maps}?watch=true&resourceVersion={version}&labelSelector=color=red", 3);

        Assert.Equal(["ADDED one", "DELETED one", "ADDED one"], events);
    }

    [Fact]
    public async Task Watch_WithoutVersion_StartsWithWhatIsThere()
    {
        await Create("one", "red");

        Assert.Equal(["ADDED one"], await Read($"{Maps}?watch=true&labelSelector=color=red", 1));
    }

    [Fact]
    public async Task Watch_FromAVersionThatIsForgotten_IsExpired()
    {
        await Create("one", "red");
        for (var i = 0; i < 4200; i++)
        {
            Cluster.Store.TryReplace(Cluster.Store.Get(Portal.Provisioning.Sandbox.Kinds.ConfigMap, "shop", "one")!, Cluster.Store.Get(Portal.Provisioning.Sandbox.Kinds.ConfigMap, "shop", "one")!.Parse());
        }

        using var stream = new StreamReader(await Http.GetStreamAsync($"{Maps}?watch=true&resourceVersion=3"));
        var answer = JsonNode.Parse((await stream.ReadLineAsync())!)!;

        Assert.Equal("ERROR", (string?)answer["type"]);
        Assert.Equal(410, (int?)answer["object"]!["code"]);
        Assert.Equal("Expired", (string?)answer["object"]!["reason"]);
    }

    [Fact]
    public async Task Watch_WithATimeout_EndsByItself()
    {
        using var response = await Http.GetAsync($"{Maps}?watch=true&timeoutSeconds=1&labelSelector=color=none");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Watch_CutByTheCluster_Ends()
    {
        using var stream = new StreamReader(await Http.GetStreamAsync($"{Maps}?watch=true&resourceVersion=0&labelSelector=color=none"));

        Cluster.CutWatches();

        Assert.Null(await stream.ReadLineAsync());
    }

    private async Task Create(string name, string color) =>
        await Send(HttpMethod.Post, Maps, "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"color\":\"" + color + "\"}}}");

    private async Task Label(string name, string color) =>
        await Send(HttpMethod.Patch, $"{Maps}/{name}", "{\"metadata\":{\"labels\":{\"color\":\"" + color + "\"}}}", "application/merge-patch+json");

    private async Task<string[]> Read(string path, int count)
    {
        using var stream = new StreamReader(await Http.GetStreamAsync(path));
        var events = new List<string>();
        while (events.Count < count && await stream.ReadLineAsync() is { } line)
        {
            var change = JsonNode.Parse(line)!;
            events.Add($"{change["type"]} {change["object"]!["metadata"]!["name"]}");
        }

        return [.. events];
    }
}
