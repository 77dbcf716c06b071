using System.Net;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class SandboxDeletionTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";

    [Fact]
    public async Task Namespace_Deleted_TakesEverythingWithIt()
    {
        await Apply(Web, Deployment("web", 3));
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 3, "three ready replicas");

        await Send(HttpMethod.Delete, "api/v1/namespaces/shop");
        await UntilGone("api/v1/namespaces/shop");

        foreach (var kind in Portal.Provisioning.Sandbox.Kinds.All.Where(kind => kind.Namespaced))
        {
            Assert.DoesNotContain(Cluster.Store.List(kind, null).Items, item => item.Namespace == "shop");
        }
    }

    [Fact]
    public async Task Namespace_WithAHeldObject_StaysTerminatingAndRefusesNewContent()
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"held","finalizers":["example.test/hold"]}}""");
        await Send(HttpMethod.Delete, "api/v1/namespaces/shop");
        var home = await Until("api/v1/namespaces/shop", item => Condition(item, "NamespaceFinalizersRemaining") == "True", "the finalizer to be reported");

        var (code, status) = await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"late"}}""");
        await Send(HttpMethod.Patch, $"{Maps}/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await UntilGone("api/v1/namespaces/shop");

        Assert.Equal("Terminating", (string?)home["status"]!["phase"]);
        Assert.Equal(HttpStatusCode.Forbidden, code);
        Assert.Equal(["NamespaceTerminating metadata.namespace"], Causes(status));
    }

    [Fact]
    public async Task Delete_WithAnotherUid_IsRefused()
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"one"}}""");

        var (code, _) = await Send(HttpMethod.Delete, $"{Maps}/one", """{"preconditions":{"uid":"00000000-0000-0000-0000-000000000000"}}""");

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/one")).Code);
    }

    [Fact]
    public async Task Delete_DryRun_LeavesTheObject()
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"one"}}""");

        var (code, _) = await Send(HttpMethod.Delete, $"{Maps}/one?dryRun=All");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/one")).Code);
    }

    [Fact]
    public async Task Delete_Foreground_KeepsTheOwnerUntilItsPodsAreGone()
    {
        await Apply(Web, Deployment("web", 2));
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 2, "two ready replicas");
        await Send(HttpMethod.Patch, "api/v1/namespaces/shop/pods/" + await OnePod(), """{"metadata":{"finalizers":["example.test/hold"]}}""", "application/merge-patch+json");

        await Send(HttpMethod.Delete, Web, """{"propagationPolicy":"Foreground"}""");
        var waiting = await Until(Web, item => item["metadata"]!["deletionTimestamp"] is not null, "the deployment to be terminating");
        await Send(HttpMethod.Patch, "api/v1/namespaces/shop/pods/" + await OnePod(), """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await UntilGone(Web);

        Assert.Equal("""["foregroundDeletion"]""", waiting["metadata"]!["finalizers"]!.ToJsonString());
        Assert.Empty((await Get("api/v1/namespaces/shop/pods")).Body["items"]!.AsArray());
    }

    [Fact]
    public async Task Delete_Orphan_LeavesTheReplicaSetWithoutOwner()
    {
        await Apply(Web, Deployment("web", 1));
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "one ready replica");

        await Send(HttpMethod.Delete, $"{Web}?propagationPolicy=Orphan");
        await UntilGone(Web);

        var sets = (await Get("apis/apps/v1/namespaces/shop/replicasets")).Body["items"]!.AsArray();
        Assert.Null(Assert.Single(sets)!["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public async Task DeleteCollection_WithASelector_TakesOnlyWhatMatches()
    {
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"one","labels":{"a":"b"}}}""");
        await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"two"}}""");

        await Send(HttpMethod.Delete, $"{Maps}?labelSelector=a%3Db");

        Assert.Equal(HttpStatusCode.NotFound, (await Get($"{Maps}/one")).Code);
        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/two")).Code);
    }

    private async Task<string> OnePod() => (string)(await Get("api/v1/namespaces/shop/pods")).Body["items"]![0]!["metadata"]!["name"]!;
}
