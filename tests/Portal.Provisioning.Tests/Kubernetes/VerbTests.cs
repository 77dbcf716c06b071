using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

public class VerbTests
{
    private static readonly ObjectRef s_pod = new("v1", "Pod", "shop", "web-1");
    private static readonly ObjectRef s_web = new("apps/v1", "Deployment", "shop", "web");
    private const string Eviction = "POST /api/v1/namespaces/shop/pods/web-1/eviction";

    [Fact]
    public async Task Get_Missing_IsNull()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1/namespaces/shop/pods/web-1", Status(404, "NotFound", "pods \\\"web-1\\\" not found", """{"name":"web-1"}"""));
        using var client = server.Client();

        Assert.Null(await client.GetAsync(s_pod, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Apply_ForcedDryRun_SendsWhatWasRenderedAsAnApplyPatch()
    {
        var manifest = KubeObject.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"a":"ü"}}}""");
        await using var server = await StartAsync();
        server.On("PATCH /api/v1/namespaces/shop", Json(manifest.ToJson()));
        using var client = server.Client();

        await client.ApplyAsync(manifest, new ApplyOptions { Force = true, DryRun = true }, TestContext.Current.CancellationToken);

        var sent = Assert.Single(server.Of("PATCH /api/v1/namespaces/shop"));
        Assert.Equal(("portal", "true", "All"), (sent.Query["fieldManager"], sent.Query["force"], sent.Query["dryRun"]));
        Assert.Equal("application/apply-patch+yaml", sent.Headers["Content-Type"]);
        Assert.True(JsonNode.DeepEquals(manifest.Root, JsonNode.Parse(sent.Body)));
    }

    [Fact]
    public async Task Delete_WithUid_SendsThePreconditionAndMissingIsFalse()
    {
        await using var server = await StartAsync();
        server.On("DELETE /api/v1/namespaces/shop/pods/web-1", Json("""{"kind":"Status","status":"Success"}"""), Status(404, "NotFound", "pods \\\"web-1\\\" not found"));
        using var client = server.Client();
        var options = new DeleteOptions { Uid = "u1", Propagation = DeletePropagation.Foreground };

        Assert.True(await client.DeleteAsync(s_pod, options, TestContext.Current.CancellationToken));
        Assert.False(await client.DeleteAsync(s_pod, options, TestContext.Current.CancellationToken));

        var body = JsonNode.Parse(server.Of("DELETE /api/v1/namespaces/shop/pods/web-1")[0].Body)!;
        Assert.Equal("u1", (string?)body["preconditions"]!["uid"]);
        Assert.Equal("Foreground", (string?)body["propagationPolicy"]);
    }

    [Fact]
    public async Task Patch_Subresource_IsAMergePatchOnIt()
    {
        await using var server = await StartAsync();
        server.On("PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale", Json("""{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web"}}"""));
        using var client = server.Client();

        var scale = await client.PatchAsync(
            new("apps/v1", "Deployment", "shop", "web"), JsonNode.Parse("""{"spec":{"replicas":3}}""")!, "scale", TestContext.Current.CancellationToken);

        Assert.Equal("Scale", scale.Kind);
        Assert.Equal("application/merge-patch+json", server.Of("PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale")[0].Headers["Content-Type"]);
    }

    [Fact]
    public async Task Patch_JsonPatchOnASubresource_SendsTheStepsInOrderWithEscapedKeys()
    {
        await using var server = await StartAsync();
        server.On("PATCH /apis/apps/v1/namespaces/shop/deployments/web/status", Json("""{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"}}"""));
        using var client = server.Client();

        await client.PatchAsync(
            s_web,
            [
                JsonPatchStep.Test("/metadata/resourceVersion", "7"),
                JsonPatchStep.Add(JsonPatchStep.At("metadata", "annotations", "portal/a~b"), "x"),
                JsonPatchStep.Replace("/spec/paused", true),
                JsonPatchStep.Remove("/spec/replicas"),
            ],
            "status",
            TestContext.Current.CancellationToken);

        var sent = Assert.Single(server.Of("PATCH /apis/apps/v1/namespaces/shop/deployments/web/status"));
        Assert.Equal(("application/json-patch+json", "portal"), (sent.Headers["Content-Type"], sent.Query["fieldManager"]));
        Assert.Equal(
            """[{"op":"test","path":"/metadata/resourceVersion","value":"7"},{"op":"add","path":"/metadata/annotations/portal~1a~0b","value":"x"},{"op":"replace","path":"/spec/paused","value":true},{"op":"remove","path":"/spec/replicas"}]""",
            sent.Body);
    }

    [Fact]
    public async Task Get_Scale_IsReadAndMissingIsNull()
    {
        await using var server = await StartAsync();
        server.On("GET /apis/apps/v1/namespaces/shop/deployments/web/scale", Json("""{"kind":"Scale","apiVersion":"autoscaling/v1","spec":{"replicas":3}}"""), Status(404, "NotFound", "deployments.apps \\\"web\\\" not found"));
        using var client = server.Client();

        Assert.Equal(3, (await client.GetAsync(s_web, "scale", TestContext.Current.CancellationToken))?.Number("spec", "replicas"));
        Assert.Null(await client.GetAsync(s_web, "scale", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Delete_WithResourceVersion_SendsItAndAChangedObjectIsAConflict()
    {
        await using var server = await StartAsync();
        server.On("DELETE /api/v1/namespaces/shop/pods/web-1", Status(409, "Conflict", "Precondition failed: ResourceVersion in precondition: 7, ResourceVersion in object meta: 8"));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.DeleteAsync(s_pod, new DeleteOptions { Uid = "u1", ResourceVersion = "7" }, TestContext.Current.CancellationToken));

        Assert.Equal(KubeFault.Conflict, fault.Fault);
        var body = JsonNode.Parse(server.Of("DELETE /api/v1/namespaces/shop/pods/web-1")[0].Body)!;
        Assert.Equal("""{"uid":"u1","resourceVersion":"7"}""", body["preconditions"]!.ToJsonString());
    }

    [Fact]
    public async Task Evict_RefusedByABudget_IsItsOwnFaultInTheServersWordsAndNotRepeated()
    {
        await using var server = await StartAsync();
        server.On(Eviction, Status(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
            """{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget web needs 2 healthy pods and has 2 currently"}]}"""));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.EvictAsync("shop", "web-1", new DeleteOptions(), TestContext.Current.CancellationToken));

        Assert.Equal((KubeFault.DisruptionBudget, true), (fault.Fault, fault.IsTransient));
        Assert.Equal(
            "Cannot evict Pod/shop/web-1: Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 2 healthy pods and has 2 currently.",
            fault.Message);
        Assert.Single(server.Of(Eviction));
    }

    [Fact]
    public async Task Evict_ThrottledThenAccepted_IsAPolicyV1EvictionAndMissingIsFalse()
    {
        await using var server = await StartAsync();
        server.On(Eviction, Throttled(0), Json("""{"kind":"Status","status":"Success"}"""), Status(404, "NotFound", "pods \\\"web-1\\\" not found"));
        using var client = server.Client();

        Assert.True(await client.EvictAsync("shop", "web-1", new DeleteOptions { Uid = "u1" }, TestContext.Current.CancellationToken));
        Assert.False(await client.EvictAsync("shop", "web-1", new DeleteOptions(), TestContext.Current.CancellationToken));

        var body = JsonNode.Parse(server.Of(Eviction)[0].Body)!;
        Assert.Equal(("policy/v1", "Eviction", "web-1"), ((string?)body["apiVersion"], (string?)body["kind"], (string?)body["metadata"]!["name"]));
        Assert.Equal("u1", (string?)body["deleteOptions"]!["preconditions"]!["uid"]);
    }

    [Fact]
    public async Task Events_OfANamespaceOrAnObject_AreAskedForByFieldSelector()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1/namespaces/shop/events", ListTests.Page("7", null, "e"));
        server.On("GET /api/v1/namespaces/default/events", ListTests.Page("7", null));
        using var client = server.Client();

        await client.ListAsync(EventQuery.In("shop"), TestContext.Current.CancellationToken);
        await client.ListAsync(EventQuery.About(s_web, "u1"), TestContext.Current.CancellationToken);
        await client.ListAsync(EventQuery.About(new ObjectRef("v1", "Node", null, "n1"), null), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("fieldSelector", server.Of("GET /api/v1/namespaces/shop/events")[0].Query.Keys);
        Assert.Equal("involvedObject.kind=Deployment,involvedObject.name=web,involvedObject.uid=u1", server.Of("GET /api/v1/namespaces/shop/events")[1].Query["fieldSelector"]);
        Assert.Equal("involvedObject.kind=Node,involvedObject.name=n1", server.Of("GET /api/v1/namespaces/default/events")[0].Query["fieldSelector"]);
    }

    [Fact]
    public async Task Logs_PreviousWithTimestamps_AsksForThem()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1/namespaces/shop/pods/web-1/log", Lines(Ending.Clean, "2026-01-05T09:00:00Z gone\n"));
        using var client = server.Client();

        await client.LogsAsync("shop", "web-1", new LogQuery { Previous = true, Timestamps = true }, TestContext.Current.CancellationToken).ToListAsync();

        var sent = server.Of("GET /api/v1/namespaces/shop/pods/web-1/log")[0].Query;
        Assert.Equal(("true", "true"), (sent["previous"], sent["timestamps"]));
    }

    [Fact]
    public async Task Logs_Tail_GivesLinesAlsoTheLastWithoutAnEnd()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1/namespaces/shop/pods/web-1/log", Lines(Ending.Clean, "one\ntw", "o\r\n\nlast"));
        using var client = server.Client();
        var query = new LogQuery { Container = "app", TailLines = 10, Since = TimeSpan.FromMinutes(5) };

        var lines = await client.LogsAsync("shop", "web-1", query, TestContext.Current.CancellationToken).ToListAsync();

        Assert.Equal(["one", "two", "", "last"], lines);
        var sent = server.Of("GET /api/v1/namespaces/shop/pods/web-1/log")[0].Query;
        Assert.Equal(("app", "10", "300"), (sent["container"], sent["tailLines"], sent["sinceSeconds"]));
        Assert.DoesNotContain("follow", sent.Keys);
    }

    [Fact]
    public async Task Logs_Follow_DeliversALineBeforeTheLogEnds()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1/namespaces/shop/pods/web-1/log", Lines(Ending.Silent, "first\n"));
        using var client = server.Client();

        var first = await client.LogsAsync("shop", "web-1", new LogQuery { Follow = true }, TestContext.Current.CancellationToken).FirstAsync();

        Assert.Equal("first", first);
    }

    [Fact]
    public async Task Discovery_UnknownKind_IsUnsupportedAndFoundOnceInstalled()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var issuer = new ObjectRef("cert-manager.io/v1", "ClusterIssuer", null, "main");

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(issuer, TestContext.Current.CancellationToken));
        server.On("GET /apis/cert-manager.io/v1", Json("""{"resources":[{"name":"clusterissuers","kind":"ClusterIssuer","namespaced":false}]}"""));
        server.On("GET /apis/cert-manager.io/v1/clusterissuers/main", Json("""{"apiVersion":"cert-manager.io/v1","kind":"ClusterIssuer","metadata":{"name":"main"}}"""));
        var found = await client.GetAsync(issuer, TestContext.Current.CancellationToken);
        await client.GetAsync(issuer, TestContext.Current.CancellationToken);

        Assert.Equal(KubeFault.Unsupported, fault.Fault);
        Assert.Contains("ClusterIssuer of cert-manager.io/v1", fault.Message, StringComparison.Ordinal);
        Assert.Equal("main", found?.Name);
        Assert.Equal(2, server.Of("GET /apis/cert-manager.io/v1").Count);
    }

    [Fact]
    public async Task Capabilities_OfAClusterWithAddOns_AreSeen()
    {
        await using var server = await StartAsync();
        server.On("GET /version", Json("""{"major":"1","minor":"31+","gitVersion":"v1.31.2-gke.1"}"""));
        server.On("GET /apis", Json("""{"groups":[{"name":"metrics.k8s.io"},{"name":"cert-manager.io","versions":[{"version":"v1"}]}]}"""));
        server.On("GET /apis/storage.k8s.io/v1", Json("""{"resources":[{"name":"storageclasses","kind":"StorageClass"}]}"""));
        server.On("GET /apis/storage.k8s.io/v1/storageclasses", Json("""{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"slow"}},{"metadata":{"name":"fast","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}]}"""));
        server.On("GET /apis/networking.k8s.io/v1", Json("""{"resources":[{"name":"ingressclasses","kind":"IngressClass"}]}"""));
        server.On("GET /apis/networking.k8s.io/v1/ingressclasses", Status(403, "Forbidden", "no"));
        using var client = server.Client();

        var seen = await client.CapabilitiesAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new ClusterVersion(1, 31, "v1.31.2-gke.1"), seen.ServerVersion);
        Assert.Equal((true, true, false), (seen.HasMetricsApi, seen.HasCertManager, seen.HasGatewayApi));
        Assert.Equal("fast", seen.DefaultStorageClass);
        Assert.Equal(["fast", "slow"], seen.StorageClasses);
        Assert.True(seen.ShowsStorageClasses);
        Assert.Empty(seen.IngressClasses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Capabilities_NoStorageClassesAndHiddenOnes_AreToldApart(bool isHidden)
    {
        await using var server = await StartAsync();
        server.On("GET /version", Json("""{"major":"1","minor":"34","gitVersion":"v1.34.0"}"""));
        server.On("GET /apis", Json("""{"groups":[]}"""));
        server.On("GET /apis/storage.k8s.io/v1", Json("""{"resources":[{"name":"storageclasses","kind":"StorageClass"}]}"""));
        server.On("GET /apis/storage.k8s.io/v1/storageclasses", isHidden ? Status(403, "Forbidden", "no") : Json("""{"metadata":{"resourceVersion":"1"},"items":[]}"""));
        using var client = server.Client();

        var seen = await client.CapabilitiesAsync(TestContext.Current.CancellationToken);

        Assert.Empty(seen.StorageClasses);
        Assert.Equal(!isHidden, seen.LacksDefaultStorageClass);
    }
}
