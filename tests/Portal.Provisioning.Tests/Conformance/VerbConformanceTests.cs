using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>Subresources, patches, preconditions, evictions and events of the client, on whatever server there is.</summary>
public class VerbConformanceTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly KubeClient _client = cluster.Client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scale_ReadAndPatched_IsTheDeploymentsReplicas()
    {
        var ns = await cluster.NamespaceAsync();
        var web = LiveCluster.Deployment(ns, "web", 1);
        await _client.ApplyAsync(web, new ApplyOptions(), Ct);

        var before = await _client.GetAsync(web.Ref, "scale", Ct);
        await _client.PatchAsync(web.Ref, JsonNode.Parse("""{"spec":{"replicas":2}}""")!, "scale", Ct);
        var after = await _client.GetAsync(web.Ref, "scale", Ct);

        Assert.Equal(("Scale", 1L, 2L), (before!.Kind, before.Number("spec", "replicas"), after!.Number("spec", "replicas")));
        Assert.Null(await _client.GetAsync(web.Ref with { Name = "other" }, "scale", Ct));
    }

    [Fact]
    public async Task JsonPatch_OfTheStatus_LeavesTheSpec()
    {
        var ns = await cluster.NamespaceAsync();
        var service = LiveCluster.Manifest("v1", "Service", ns, "web", "{type: LoadBalancer, ports: [{port: 80}] }");
        await _client.ApplyAsync(service, new ApplyOptions(), Ct);

        var patched = await _client.PatchAsync(
            service.Ref,
            [JsonPatchStep.Add("/status", JsonNode.Parse("""{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}""")), JsonPatchStep.Replace("/spec/sessionAffinity", "ClientIP")],
            "status",
            Ct);

        Assert.Equal("None", patched.Text("spec", "sessionAffinity"));
        Assert.Equal("192.0.2.7", (string?)patched.At("status", "loadBalancer", "ingress")![0]!["ip"]);
    }

    [Fact]
    public async Task JsonPatch_WhoseTestFails_IsInvalidAndChangesNothing()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.PatchAsync(
            made.Ref, [JsonPatchStep.Replace("/data/key", "2"), JsonPatchStep.Test("/data/key", "3")], null, Ct));

        Assert.Equal((KubeFault.Invalid, false), (fault.Fault, fault.IsTransient));
        Assert.Equal(made.ResourceVersion, (await _client.GetAsync(made.Ref, Ct))?.ResourceVersion);
    }

    [Fact]
    public async Task JsonPatch_KeyWithASlash_ReachesThatKey()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);

        var patched = await _client.PatchAsync(
            made.Ref, [JsonPatchStep.Add("/metadata/annotations", new JsonObject()), JsonPatchStep.Add(JsonPatchStep.At("metadata", "annotations", "portal/a.b"), "x")], null, Ct);

        Assert.Equal("x", patched.Annotation("portal/a.b"));
    }

    [Fact]
    public async Task Delete_OfAnOlderVersion_IsAConflictAndOfThePresentOneIsDone()
    {
        var ns = await cluster.NamespaceAsync();
        var old = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);
        var now = await _client.PatchAsync(old.Ref, JsonNode.Parse("""{"data":{"key":"2"}}""")!, null, Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.DeleteAsync(old.Ref, new DeleteOptions { Uid = old.Uid, ResourceVersion = old.ResourceVersion }, Ct));

        Assert.Equal(KubeFault.Conflict, fault.Fault);
        Assert.True(await _client.DeleteAsync(old.Ref, new DeleteOptions { Uid = now.Uid, ResourceVersion = now.ResourceVersion }, Ct));
    }

    [Fact]
    public async Task Apply_FieldsOfOthers_AreTypedByManagerAndHowItWrote()
    {
        var ns = await cluster.NamespaceAsync();
        var web = LiveCluster.Deployment(ns, "web", 1);
        await _client.ApplyAsync(web, new ApplyOptions { FieldManager = "argocd" }, Ct);
        await _client.PatchAsync(web.Ref, JsonNode.Parse("""{"spec":{"replicas":2}}""")!, "scale", Ct);
        var ours = LiveCluster.Deployment(ns, "web", 3);
        ours.Root["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "registry.k8s.io/pause:3.9";

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(ours, new ApplyOptions { FieldManager = "somebody" }, Ct));

        Assert.Equal(
            [
                new("argocd", "Apply", null, ".spec.template.spec.containers[name=\"web\"].image"),
                new FieldConflict("portal", "Update", "apps/v1", ".spec.replicas") { Subresource = "scale" },
            ],
            fault.Conflicts.OrderBy(conflict => conflict.Manager, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Evict_PodThatABudgetNeeds_IsRefusedWithTheBudgetsNameAndDoneOnceItIsGone()
    {
        cluster.NeedsKubelet("a pod that does not run is evicted whatever its budget says.");
        var ns = await cluster.NamespaceAsync();
        var web = LiveCluster.Deployment(ns, "web", 1);
        var budget = LiveCluster.Manifest("policy/v1", "PodDisruptionBudget", ns, "keep-web", "{minAvailable: 1, selector: {matchLabels: {app: web} } }");
        await _client.ApplyAsync(budget, new ApplyOptions(), Ct);
        await _client.ApplyAsync(web, new ApplyOptions(), Ct);
        await Eventually.Holds(async () => ObjectHealth.Assess((await _client.GetAsync(web.Ref, Ct))!), r => r.Status == HealthStatus.Healthy, "the deployment is healthy");
        await Eventually.Holds(async () => (await _client.GetAsync(budget.Ref, Ct))?.Number("status", "currentHealthy"), healthy => healthy == 1, "the budget counts the pod");
        var pod = (await _client.ListAsync(new ListQuery("v1", "Pod", ns, LabelSelector: "app=web"), Ct)).Items.Single();

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.EvictAsync(ns, pod.Name, new DeleteOptions { Uid = pod.Uid }, Ct));
        await _client.DeleteAsync(budget.Ref, new DeleteOptions(), Ct);

        Assert.Equal((KubeFault.DisruptionBudget, 429), (fault.Fault, fault.StatusCode));
        Assert.Contains("disruption budget keep-web ", fault.Message, StringComparison.Ordinal);
        Assert.True(await _client.EvictAsync(ns, pod.Name, new DeleteOptions { Uid = pod.Uid }, Ct));
        await Eventually.Holds(async () => (await _client.GetAsync(pod.Ref, Ct))?.Uid, uid => uid != pod.Uid, "the pod is gone");
        Assert.False(await _client.EvictAsync(ns, "never-there", new DeleteOptions(), Ct));
    }

    [Fact]
    public async Task Events_AboutAnObject_AreThoseOfThatObjectAlone()
    {
        var ns = await cluster.NamespaceAsync();
        var a = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);
        var b = await _client.CreateAsync(ConfigMap(ns, "b", "1"), Ct);
        await _client.CreateAsync(Said(a, "first"), Ct);
        await _client.CreateAsync(Said(b, "second"), Ct);

        var about = await _client.ListAsync(EventQuery.About(a.Ref, a.Uid), Ct);
        var all = await _client.ListAsync(EventQuery.In(ns), Ct);

        Assert.Equal("first", Assert.Single(about.Items).Text("message"));
        Assert.Equal(["first", "second"], all.Items.Where(said => said.Text("involvedObject", "kind") == "ConfigMap").Select(said => said.Text("message")).Order(StringComparer.Ordinal));
        Assert.Empty((await _client.ListAsync(EventQuery.About(a.Ref, "00000000-0000-0000-0000-000000000000"), Ct)).Items);
    }

    private static KubeObject Said(KubeObject about, string message)
    {
        var said = LiveCluster.Manifest("v1", "Event", about.Namespace, $"{about.Name}.{message}", "null");
        said.Root.Remove("spec");
        said.Root["involvedObject"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = about.Kind, ["namespace"] = about.Namespace, ["name"] = about.Name, ["uid"] = about.Uid };
        said.Root["reason"] = "Tested";
        said.Root["message"] = message;
        said.Root["type"] = "Normal";
        return said;
    }

    private static KubeObject ConfigMap(string ns, string name, string value)
    {
        var map = LiveCluster.Manifest("v1", "ConfigMap", ns, name, "null");
        map.Root.Remove("spec");
        map.Root["data"] = new JsonObject { ["key"] = value };
        return map;
    }

    [Fact]
    public async Task Create_AnnotationWithAKeyThatIsNone_IsInvalid()
    {
        var manifest = KubeObject.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b","annotations":{"portal/a~b":"x"}}}""");
        manifest.Root["metadata"]!["namespace"] = await cluster.NamespaceAsync();

        var refused = await Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(manifest, Ct));

        Assert.Equal((KubeFault.Invalid, "metadata.annotations"), (refused.Fault, Assert.Single(refused.Causes).Field));
    }
}
