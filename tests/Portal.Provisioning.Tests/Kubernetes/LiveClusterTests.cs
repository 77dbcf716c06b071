using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Kubernetes;

public class LiveClusterTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private readonly KubeClient _client = cluster.Client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_Twice_ChangesNothingTheSecondTime()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = ConfigMap(ns, "a", "1");

        var first = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);
        var second = await _client.ApplyAsync(manifest, new ApplyOptions(), Ct);

        Assert.NotNull(first.Uid);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        var ns = await cluster.NamespaceAsync();
        var manifest = ConfigMap(ns, "a", "1");

        await _client.ApplyAsync(manifest, new ApplyOptions { DryRun = true }, Ct);

        Assert.Null(await _client.GetAsync(manifest.Ref, Ct));
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_ConflictsUnlessForced()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.ApplyAsync(ConfigMap(ns, "a", "theirs"), new ApplyOptions { FieldManager = "somebody" }, Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(ConfigMap(ns, "a", "ours"), new ApplyOptions(), Ct));
        var forced = await _client.ApplyAsync(ConfigMap(ns, "a", "ours"), new ApplyOptions { Force = true }, Ct);

        Assert.Equal(KubeFault.FieldManagerConflict, fault.Fault);
        Assert.Contains(fault.Causes, c => c.Field == ".data.key");
        Assert.Equal("ours", forced.Text("data", "key"));
    }

    [Fact]
    public async Task Apply_ChangedSelector_IsImmutableAndABadNumberIsInvalid()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.ApplyAsync(LiveCluster.Deployment(ns, "web", 0), new ApplyOptions(), Ct);
        var other = LiveCluster.Deployment(ns, "web", 0);
        other.Root["spec"]!["selector"]!["matchLabels"] = new JsonObject { ["app"] = "web", ["tier"] = "x" };
        other.Root["spec"]!["template"]!["metadata"]!["labels"]!["tier"] = "x";

        var immutable = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(other, new ApplyOptions { Force = true }, Ct));
        var invalid = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(LiveCluster.Deployment(ns, "web", -1), new ApplyOptions { Force = true }, Ct));

        Assert.Equal(KubeFault.Immutable, immutable.Fault);
        Assert.Equal(KubeFault.Invalid, invalid.Fault);
    }

    [Fact]
    public async Task Apply_IntoAMissingNamespace_IsNotFoundAndNamesIt()
    {
        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.ApplyAsync(ConfigMap("portal-no-such", "a", "1"), new ApplyOptions(), Ct));

        Assert.Equal(KubeFault.NotFound, fault.Fault);
        Assert.Contains("portal-no-such", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Twice_IsAlreadyExists()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct));

        Assert.Equal(KubeFault.AlreadyExists, fault.Fault);
    }

    [Fact]
    public async Task Delete_OtherUid_IsAConflictAndTheRightOneIsDeletedOnce()
    {
        var ns = await cluster.NamespaceAsync();
        var made = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Ct);

        var fault = await Assert.ThrowsAsync<KubeException>(() => _client.DeleteAsync(made.Ref, new DeleteOptions { Uid = "00000000-0000-0000-0000-000000000000" }, Ct));

        Assert.Equal(KubeFault.Conflict, fault.Fault);
        Assert.True(await _client.DeleteAsync(made.Ref, new DeleteOptions { Uid = made.Uid }, Ct));
        Assert.False(await _client.DeleteAsync(made.Ref, new DeleteOptions { Uid = made.Uid }, Ct));
    }

    [Fact]
    public async Task List_InSmallPages_HasEveryObjectOnce()
    {
        var ns = await cluster.NamespaceAsync();
        var names = Enumerable.Range(0, 7).Select(i => $"c{i}").ToList();
        foreach (var name in names)
        {
            await _client.ApplyAsync(ConfigMap(ns, name, "1"), new ApplyOptions(), Ct);
        }

        using var paging = FaultTests.Client(_client.Connection with { Options = new KubeClientOptions { ListPageSize = 3 } });
        var list = await paging.ListAsync(new ListQuery("v1", "ConfigMap", ns, LabelSelector: "app.kubernetes.io/managed-by=portal"), Ct);

        Assert.Equal(names, list.Items.Select(i => i.Name).Order(StringComparer.Ordinal));
        Assert.All(list.Items, i => Assert.Equal(("v1", "ConfigMap"), (i.ApiVersion, i.Kind)));
    }

    [Fact]
    public async Task Watch_FromAList_SeesWhatHappensAfterwards()
    {
        var ns = await cluster.NamespaceAsync();
        var query = new ListQuery("v1", "ConfigMap", ns, FieldSelector: "metadata.name=a");
        var list = await _client.ListAsync(query, Ct);
        var events = _client.WatchAsync(query, list.ResourceVersion, Ct).Where(e => e.Type != WatchEventType.Bookmark).Take(3).ToListAsync(Ct).AsTask();

        await _client.ApplyAsync(ConfigMap(ns, "b", "1"), new ApplyOptions(), Ct);
        await _client.ApplyAsync(ConfigMap(ns, "a", "1"), new ApplyOptions(), Ct);
        await _client.ApplyAsync(ConfigMap(ns, "a", "2"), new ApplyOptions(), Ct);
        await _client.DeleteAsync(new ObjectRef("v1", "ConfigMap", ns, "a"), new DeleteOptions(), Ct);

        Assert.Equal(
            [WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted],
            (await events.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)).Select(e => e.Type));
    }

    [Fact]
    public async Task Deployment_Applied_BecomesHealthyAndItsPodHasALog()
    {
        cluster.NeedsKubelet("its pods never run and have no logs.");
        var ns = await cluster.NamespaceAsync();
        var web = LiveCluster.Deployment(ns, "web", 2);
        await _client.ApplyAsync(web, new ApplyOptions(), Ct);

        await Eventually.Holds(async () => ObjectHealth.Assess((await _client.GetAsync(web.Ref, Ct))!), r => r.Status == HealthStatus.Healthy, "the deployment is healthy");
        var pod = (await _client.ListAsync(new ListQuery("v1", "Pod", ns), Ct)).Items[0];

        Assert.Equal(HealthStatus.Healthy, ObjectHealth.Assess(pod).Status);
        await _client.LogsAsync(ns, pod.Name, new LogQuery { TailLines = 3 }, Ct).ToListAsync(Ct);
    }

    [Fact]
    public async Task Patch_Scale_ChangesTheReplicas()
    {
        var ns = await cluster.NamespaceAsync();
        var web = LiveCluster.Deployment(ns, "web", 1);
        await _client.ApplyAsync(web, new ApplyOptions(), Ct);

        await _client.PatchAsync(web.Ref, JsonNode.Parse("""{"spec":{"replicas":2}}""")!, "scale", Ct);

        Assert.Equal(2, (await _client.GetAsync(web.Ref, Ct))?.Number("spec", "replicas"));
    }

    [Fact]
    public async Task Namespace_Deleted_RefusesNewContentOrIsGone()
    {
        var ns = await cluster.NamespaceAsync();
        var reference = new ObjectRef("v1", "Namespace", null, ns);
        var kept = ConfigMap(ns, "kept", "1");
        kept.Root["metadata"]!["finalizers"] = new JsonArray("portal.test/wait");
        await _client.ApplyAsync(kept, new ApplyOptions(), Ct);

        await _client.DeleteAsync(reference, new DeleteOptions(), Ct);
        var fault = await Eventually.Holds(
            () => Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(ConfigMap(ns, $"late", "1"), Ct)), _ => true, "a create is refused");
        await _client.PatchAsync(kept.Ref, JsonNode.Parse("""{"metadata":{"finalizers":null}}""")!, null, Ct);

        Assert.Equal(KubeFault.NamespaceTerminating, fault.Fault);
        await Eventually.Holds(async () => await _client.GetAsync(reference, Ct), gone => gone is null, "the namespace is gone");
    }

    [Fact]
    public async Task Capabilities_OfTheCluster_HaveAVersionAndADefaultClass()
    {
        var seen = await _client.CapabilitiesAsync(Ct);

        Assert.True(seen.ServerVersion.IsAtLeast(1, 25), seen.ServerVersion.ToString());
        Assert.Contains(seen.DefaultStorageClass, seen.StorageClasses);
    }

    [Fact]
    public async Task WrongToken_IsUnauthorized()
    {
        using var stranger = FaultTests.Client(_client.Connection with { Credential = ClusterCredential.FromToken("wrong") });

        var fault = await Assert.ThrowsAsync<KubeException>(() => stranger.ListAsync(new ListQuery("v1", "Pod"), Ct));

        Assert.Equal(KubeFault.Unauthorized, fault.Fault);
    }

    [Fact]
    public async Task Kubectl_SameKubeconfig_SeesWhatWeApplied()
    {
        var ns = await cluster.NamespaceAsync();
        await _client.ApplyAsync(ConfigMap(ns, "seen", "1"), new ApplyOptions(), Ct);
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", cluster.Kubeconfig, "-n", ns, "get", "configmap", "seen", "-o", "name"])
        {
            RedirectStandardOutput = true,
        };
        using var kubectl = Process.Start(start)!;

        Assert.Equal("configmap/seen", (await kubectl.StandardOutput.ReadToEndAsync(Ct)).Trim());
    }

    private static KubeObject ConfigMap(string ns, string name, string value)
    {
        var map = LiveCluster.Manifest("v1", "ConfigMap", ns, name, "null");
        map.Root.Remove("spec");
        map.Root["data"] = new JsonObject { ["key"] = value };
        return map;
    }
}
