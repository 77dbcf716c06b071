using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>What the client promises, on whatever server there is; <see cref="LiveClusterTests"/> has the everyday verbs.</summary>
public class ClientConformanceTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly KubeClient _client = cluster.Client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_OfWhatIsNotThere_IsNullAndOfWhatWasCreatedIsThatObject()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = ConfigMap(ns, "a", "1");

        Assert.Null(await _client.GetAsync(manifest.Ref, Ct));
        var created = await _client.CreateAsync(manifest, Ct);

        Assert.Equal(created.ToJson(), (await _client.GetAsync(manifest.Ref, Ct))!.ToJson());
    }

    [Fact]
    public async Task List_PagesWhileObjectsAreMade_ShowTheMomentOfTheFirstPage()
    {
        var ns = await cluster.NamespaceAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await _client.CreateAsync(ConfigMap(ns, name, "1"), Ct);
        }

        using var paging = FaultTests.Client(_client.Connection with { Options = new KubeClientOptions { ListPageSize = 2 } });
        var seen = new List<string>();
        var versions = new HashSet<string>();
        await foreach (var page in paging.ListPagesAsync(new ListQuery("v1", "ConfigMap", ns, LabelSelector: "app.kubernetes.io/managed-by=portal"), Ct))
        {
            seen.AddRange(page.Items.Select(item => item.Name));
            versions.Add(page.ResourceVersion);
            await _client.ApplyAsync(ConfigMap(ns, "z-late", "1"), new ApplyOptions(), Ct);
        }

        Assert.Equal(["a", "b", "c"], seen);
        Assert.Single(versions);
    }

    [Fact]
    public async Task Watch_FromTheVersionOfAnEvent_GoesOnAfterItWithoutRepeating()
    {
        var ns = await cluster.NamespaceAsync();
        var query = new ListQuery("v1", "ConfigMap", ns, LabelSelector: "app.kubernetes.io/managed-by=portal");
        var list = await _client.ListAsync(query, Ct);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await _client.CreateAsync(ConfigMap(ns, name, "1"), Ct);
        }

        var first = await Events(query, list.ResourceVersion, 1);
        var rest = await Events(query, first[0].Object.ResourceVersion!, 2);

        Assert.Equal(["a", "b", "c"], first.Concat(rest).Select(e => e.Object.Name));
    }

    [Fact]
    public async Task Watch_FromAVersionLongGone_IsGone()
    {
        try
        {
            var events = await Events(new ListQuery("v1", "ConfigMap"), "1", 1);
            Assert.Skip($"{cluster.Server} is so young that it still knows everything since version 1, such as {events[0].Object}.");
        }
        catch (KubeException fault)
        {
            Assert.Equal(KubeFault.Gone, fault.Fault);
        }
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_NamesTheManagerAndTheField()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.ApplyAsync(ConfigMap(ns, "a", "theirs"), new ApplyOptions { FieldManager = "somebody" }, Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(ConfigMap(ns, "a", "ours"), new ApplyOptions(), Ct));

        Assert.Contains("somebody", fault.Message, StringComparison.Ordinal);
        Assert.Contains(fault.Causes, cause => cause.Message.Contains("\"somebody\"", StringComparison.Ordinal) && cause.Field == ".data.key");
    }

    [Fact]
    public async Task Apply_FieldDropped_GoesAndWhatOthersWroteStays()
    {
        var ns = await cluster.NamespaceAsync();
        var both = ConfigMap(ns, "a", "1");
        both.Root["data"]!["second"] = "2";
        await _client.ApplyAsync(both, new ApplyOptions(), Ct);
        await _client.PatchAsync(both.Ref, JsonNode.Parse("""{"metadata":{"annotations":{"them":"x"}}}""")!, null, Ct);

        var live = await _client.ApplyAsync(ConfigMap(ns, "a", "1"), new ApplyOptions(), Ct);

        Assert.Equal("""{"key":"1"}""", live.At("data")!.ToJsonString());
        Assert.Equal("x", live.Annotation("them"));
    }

    [Fact]
    public async Task Apply_QuantitiesInUnusualUnits_AreKeptInTheServersAndDoNotLookChanged()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = LiveCluster.Deployment(ns, "web", 0);
        manifest.Root["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"] =
            JsonNode.Parse("""{"requests":{"cpu":"1000m","memory":"1024Mi"},"limits":{"cpu":"1.5","memory":"2147483648"}}""");

        var first = await Settled(manifest.Ref, () => _client.ApplyAsync(manifest, new ApplyOptions(), Ct));
        var second = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);

        Assert.Equal(first.Generation, second.Generation);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        var resources = second.Items("spec", "template", "spec", "containers").Single()["resources"]!;
        Assert.Equal(("1", "1Gi"), ((string?)resources["requests"]!["cpu"], (string?)resources["requests"]!["memory"]));
        Assert.Equal(("1500m", "2147483648"), ((string?)resources["limits"]!["cpu"], (string?)resources["limits"]!["memory"]));
    }

    [Fact]
    public async Task Apply_UnknownField_IsRefusedForGoodAndNamesIt()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = LiveCluster.Deployment(ns, "web", 0);
        manifest.Root["spec"]!["replicaz"] = 1;

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(manifest, new ApplyOptions(), Ct));

        Assert.Contains("replicaz", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient, $"{fault.Fault} {fault.StatusCode}: {fault.Message}");
    }

    [Fact]
    public async Task Apply_EmptyList_IsNotKeptAndSoChangesTheObjectEachTime()
    {
        var ns = await cluster.NamespaceAsync();
        var policy = LiveCluster.Manifest("networking.k8s.io/v1", "NetworkPolicy", ns, "deny", "{podSelector: {matchLabels: {app: web} }, policyTypes: [Ingress], ingress: [] }");

        var first = await _client.ApplyAsync(policy, new ApplyOptions(), Ct);
        var second = await _client.ApplyAsync(policy, new ApplyOptions(), Ct);

        Assert.Null(first.At("spec", "ingress"));
        Assert.Equal((1, 2), (first.Generation, second.Generation));
    }

    [Fact]
    public async Task Apply_EmptyValueOfAnEnvironmentVariable_IsNotKeptAndChangesNothingTheNextTime()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = LiveCluster.Deployment(ns, "web", 0);
        manifest.Items("spec", "template", "spec", "containers").Single()["env"] = new JsonArray(new JsonObject { ["name"] = "MODE", ["value"] = "" });

        var first = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);
        var second = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);

        var variable = (JsonObject)first.Items("spec", "template", "spec", "containers").Single()["env"]![0]!;
        Assert.Equal(["name"], variable.Select(field => field.Key));
        Assert.Equal((1, 1), (first.Generation, second.Generation));
    }

    [Fact]
    public async Task Create_BeyondTheQuota_IsQuotaExceededAndADryRunSaysSoToo()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.ApplyAsync(LiveCluster.Manifest("v1", "ResourceQuota", ns, "small", """{hard: {requests.storage: 10Gi, persistentvolumeclaims: "5"} }"""), new ApplyOptions(), Ct);
        var quota = new ObjectRef("v1", "ResourceQuota", ns, "small");
        await Eventually.Holds(async () => (await _client.GetAsync(quota, Ct))?.At("status", "used"), used => used is not null, "the quota is counted");
        var claim = LiveCluster.Manifest("v1", "PersistentVolumeClaim", ns, "data", "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 15Gi} } }");

        foreach (var dryRun in new[] { true, false })
        {
            var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(claim, new ApplyOptions { DryRun = dryRun }, Ct));

            Assert.Equal(KubeFault.QuotaExceeded, fault.Fault);
            Assert.Contains("exceeded quota: small, requested: requests.storage=15Gi, used: requests.storage=0, limited: requests.storage=10Gi", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Apply_PodBelowThePodSecurityLevel_IsForbidden()
    {
        var ns = await cluster.NamespaceAsync();
        var level = LiveCluster.Manifest("v1", "Namespace", null, ns, "{}");
        level.Root["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"] = "restricted";
        await _client.ApplyAsync(level, new ApplyOptions(), Ct);
        var account = new ObjectRef("v1", "ServiceAccount", ns, "default");
        await Eventually.Holds(async () => (await _client.GetAsync(account, Ct))?.ToJson(), made => made is not null, "the namespace has its default account");
        var pod = LiveCluster.Manifest("v1", "Pod", ns, "p", """{containers: [{name: a, image: "registry.k8s.io/pause:3.10"}] }""");

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(pod, new ApplyOptions { DryRun = true }, Ct));

        Assert.Equal(KubeFault.Forbidden, fault.Fault);
        Assert.Contains("violates PodSecurity", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_Status_LeavesTheSpecAndTheGeneration()
    {
        var ns = await cluster.NamespaceAsync();
        var service = LiveCluster.Manifest("v1", "Service", ns, "web", "{type: LoadBalancer, ports: [{port: 80}] }");
        await _client.ApplyAsync(service, new ApplyOptions(), Ct);

        var patched = await _client.PatchAsync(service.Ref, JsonNode.Parse("""{"spec":{"sessionAffinity":"ClientIP"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}""")!, "status", Ct);

        Assert.Equal("None", patched.Text("spec", "sessionAffinity"));
        Assert.Equal("""[{"ip":"192.0.2.7","ipMode":"VIP"}]""", patched.At("status", "loadBalancer", "ingress")!.ToJsonString());
    }

    [Fact]
    public async Task Apply_PriorityClassTwice_ChangesNothingTheSecondTime()
    {
        var name = cluster.UnusedName();
        var manifest = LiveCluster.Manifest("scheduling.k8s.io/v1", "PriorityClass", null, name, "null");
        manifest.Root.Remove("spec");
        manifest.Root["value"] = -5;
        try
        {
            var first = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);
            var second = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);
            manifest.Root["description"] = "changed";
            var third = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);

            Assert.Equal(first.ResourceVersion, second.ResourceVersion);
            Assert.Equal((1, 1, 1), (first.Generation, second.Generation, third.Generation));
        }
        finally
        {
            await _client.DeleteAsync(manifest.Ref, new DeleteOptions(), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Delete_Foreground_KeepsTheOwnerUntilItsDependentsAreGone()
    {
        var ns = await cluster.NamespaceAsync();
        var owner = await _client.CreateAsync(ConfigMap(ns, "owner", "1"), Ct);
        var child = ConfigMap(ns, "child", "1");
        child.Root["metadata"]!["finalizers"] = new JsonArray("portal.test/wait");
        child.Root["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = "owner", ["uid"] = owner.Uid, ["blockOwnerDeletion"] = true,
        });
        await _client.CreateAsync(child, Ct);

        await _client.DeleteAsync(owner.Ref, new DeleteOptions { Propagation = DeletePropagation.Foreground }, Ct);
        await Eventually.Holds(async () => (await _client.GetAsync(child.Ref, Ct))?.IsTerminating, terminating => terminating == true, "the dependent is being deleted");
        var waiting = await _client.GetAsync(owner.Ref, Ct);
        await _client.PatchAsync(child.Ref, JsonNode.Parse("""{"metadata":{"finalizers":null}}""")!, null, Ct);

        Assert.True(waiting is { IsTerminating: true });
        await Eventually.Holds(async () => (await _client.GetAsync(owner.Ref, Ct))?.ToJson(), left => left is null, "the owner is gone");
    }

    /// <summary>What the object is once controllers have written to it what they had to.</summary>
    private async Task<KubeObject> Settled(ObjectRef reference, Func<Task<KubeObject>> write)
    {
        await write();
        return await Eventually.Holds(
            async () => (await _client.GetAsync(reference, Ct))!, live => live.Number("status", "observedGeneration") == live.Generation && live.At("status", "conditions") is not null, "a controller has looked");
    }

    private Task<List<WatchEvent>> Events(ListQuery query, string version, int count) =>
        _client.WatchAsync(query, version, Ct).Where(e => e.Type != WatchEventType.Bookmark).Take(count).ToListAsync(Ct).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

    private static KubeObject ConfigMap(string ns, string name, string value)
    {
        var map = LiveCluster.Manifest("v1", "ConfigMap", ns, name, "null");
        map.Root.Remove("spec");
        map.Root["data"] = new JsonObject { ["key"] = value };
        return map;
    }
}
