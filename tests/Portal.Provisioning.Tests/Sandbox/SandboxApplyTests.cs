using System.Net;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class SandboxApplyTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps/conf";
    private const string Web = "apis/apps/v1/namespaces/shop/deployments/web";

    [Fact]
    public async Task Apply_SameConfigurationTwice_ChangesNothing()
    {
        var (created, _) = await Apply(Maps, Map("a: one"));
        var before = (await Get(Maps)).Body;

        var (code, body) = await Apply(Maps, Map("a: one"));

        Assert.Equal(HttpStatusCode.Created, created);
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.True(JsonNode.DeepEquals(before, body), body.ToJsonString());
    }

    [Fact]
    public async Task Apply_DeploymentTwice_KeepsGeneration()
    {
        await Apply(Web, Deployment("web", 1));
        await Until(Web, item => (long?)item["status"]?["readyReplicas"] == 1, "one ready replica");

        var (_, body) = await Apply(Web, Deployment("web", 1));

        Assert.Equal(1, (long?)body["metadata"]!["generation"]);
        Assert.Equal((await Get(Web)).Body.ToJsonString(), body.ToJsonString());
    }

    [Fact]
    public async Task Apply_WithoutAFieldOfBefore_RemovesIt()
    {
        await Apply(Maps, Map("a: one", "b: two"));

        var (_, body) = await Apply(Maps, Map("a: one"));

        Assert.Equal("""{"a":"one"}""", body["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Apply_DroppingWhatAnotherManagerOwns_KeepsIt()
    {
        await Apply(Maps, Map("a: one", "b: two"));
        await Apply(Maps, Map("b: two"), "other");

        var (_, body) = await Apply(Maps, Map("a: one"));

        Assert.Equal("two", (string?)body["data"]!["b"]);
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_ConflictsAndNamesIt()
    {
        await Apply(Maps, Map("a: one"));

        var (code, status) = await Apply(Maps, Map("a: two"), "other");

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal(["FieldManagerConflict .data.a"], Causes(status));
        Assert.Equal("""Apply failed with 1 conflict: conflict with "portal": .data.a""", (string?)status["message"]);
        Assert.Equal("one", (string?)(await Get(Maps)).Body["data"]!["a"]);
    }

    [Fact]
    public async Task Apply_WithForce_TakesTheFieldOver()
    {
        await Apply(Maps, Map("a: one"));
        await Apply(Maps, Map("a: two"), "other", "&force=true");

        var (code, status) = await Apply(Maps, Map("a: one"));

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Contains("\"other\"", (string?)status["message"]);
    }

    [Fact]
    public async Task Apply_FieldChangedByUpdate_ConflictsWithTheUpdater()
    {
        await Apply(Web, Deployment("web", 1));
        await Send(HttpMethod.Patch, $"{Web}/scale?fieldManager=person", """{"spec":{"replicas":3}}""", "application/merge-patch+json");

        var (code, status) = await Apply(Web, Deployment("web", 1));

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Equal(["FieldManagerConflict .spec.replicas"], Causes(status));
        Assert.Contains("\"person\" with subresource \"scale\"", (string?)status["message"]);
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        var (code, body) = await Apply(Maps, Map("a: one"), query: "&dryRun=All");
        var (afterCreate, _) = await Get(Maps);
        await Apply(Maps, Map("a: one"));
        var (_, changed) = await Apply(Maps, Map("a: two"), query: "&dryRun=All");

        Assert.Equal(HttpStatusCode.Created, code);
        Assert.Equal("one", (string?)body["data"]!["a"]);
        Assert.Equal(HttpStatusCode.NotFound, afterCreate);
        Assert.Equal("two", (string?)changed["data"]!["a"]);
        Assert.Equal("one", (string?)(await Get(Maps)).Body["data"]!["a"]);
    }

    [Fact]
    public async Task Apply_AContainerOfAnotherManager_StaysBesideOurs()
    {
        await Apply(Web, Deployment("web", 1));
        await Apply(Web, """{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":[{"name":"sidecar","image":"envoy:1"}]}}}}""", "injector");

        var (_, body) = await Apply(Web, Deployment("web", 1, "nginx:2"));

        var containers = body["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["web nginx:2", "sidecar envoy:1"], containers.Select(item => $"{item!["name"]} {item["image"]}"));
    }

    [Fact]
    public async Task Apply_WithoutAProbeOfBefore_RemovesItsDefaultsToo()
    {
        const string Probed = """{"apiVersion":"apps/v1","kind":"Deployment","spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx:1","livenessProbe":{"httpGet":{"port":80}}}]}}}}""";
        var (_, with) = await Apply(Web, Probed);

        var (_, without) = await Apply(Web, Probed.Replace(""","livenessProbe":{"httpGet":{"port":80}}""", "", StringComparison.Ordinal));

        Assert.Equal(3, (long?)with["spec"]!["template"]!["spec"]!["containers"]![0]!["livenessProbe"]!["failureThreshold"]);
        Assert.Null(without["spec"]!["template"]!["spec"]!["containers"]![0]!["livenessProbe"]);
    }

    [Fact]
    public async Task Apply_EqualQuantitiesSpelledDifferently_ChangesNothing()
    {
        const string Quota = "api/v1/namespaces/shop/resourcequotas/env";
        await Apply(Quota, """{"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"requests.cpu":"500m","requests.memory":"1Gi"}}}""");
        var settled = await Until(Quota, item => item["status"]?["used"] is not null, "the quota to be counted");

        var (_, body) = await Apply(Quota, """{"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"requests.cpu":"0.5","requests.memory":"1024Mi"}}}""");

        Assert.Equal((string?)settled["metadata"]!["resourceVersion"], (string?)body["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Apply_WithoutFieldManager_IsRefused()
    {
        var (code, status) = await Send(HttpMethod.Patch, Maps, Map("a: one"), "application/apply-patch+yaml");

        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Contains("fieldManager", (string?)status["message"]);
    }

    private static string Map(params string[] entries) =>
        $"apiVersion: v1\nkind: ConfigMap\ndata:\n{string.Concat(entries.Select(entry => $"  {entry}\n"))}";
}
