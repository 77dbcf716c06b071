using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Live;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Provisioning.Watching;
using Portal.Testing;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Clusters;

public sealed class ConfiguredClustersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-clusters-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_SeveralClusters_RegistersEachWithAClientOfItsOwn()
    {
        using var registry = new ClusterRegistry(TimeProvider.System);

        await StartAsync(registry, new("a", Kubeconfig("a", "http://127.0.0.1:1"), null, false), new("b", Kubeconfig("b", "http://127.0.0.1:2"), null, false));

        Assert.Equal(["a", "b"], registry.All.Select(cluster => cluster.Client.Connection.Name));
        Assert.Equal([1, 2], registry.All.Select(cluster => cluster.Client.Connection.Server.Port));
    }

    [Fact]
    public async Task Start_KubeconfigsThatCannotBeRead_AreToldTogether()
    {
        using var registry = new ClusterRegistry(TimeProvider.System);

        var trouble = await Assert.ThrowsAsync<ClusterConfigurationException>(() => StartAsync(
            registry, new("a", "/nowhere/a", null, false), new("b", Kubeconfig("b", "http://127.0.0.1:2"), null, false), new("c", Kubeconfig("c", "http://127.0.0.1:2"), "other", false)));

        Assert.Equal(["a", "c"], trouble.Problems.Select(problem => problem.Source.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watches_OneClusterThatNeverAnswers_DoesNotHoldUpTheStartOrTheOther(bool refuses)
    {
        await using var silent = await ScriptedServer.StartAsync();
        silent.On("GET /api/v1", Silence);
        await using var live = await ScriptedServer.StartAsync();
        live.On("GET /api/v1/pods", ListTests.Page("7", null, "a"), Lines(Ending.Silent));
        live.On("GET /api/v1/events", ListTests.Page("7", null), Lines(Ending.Silent));
        using var registry = new ClusterRegistry(TimeProvider.System);
        await StartAsync(
            registry,
            new("dead", Kubeconfig("dead", refuses ? "http://127.0.0.1:1" : silent.Address.ToString()), null, false),
            new("live", Kubeconfig("live", live.Address.ToString()), null, false));
        using var watches = new ClusterWatches(registry, new NamespaceIndex(), new RecordingTrigger(), TimeProvider.System, NullLogger<ClusterWatch>.Instance);

        await watches.StartAsync(Ct);
        await watches.Find("live")!.Ready.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ct);

        Assert.True(watches.Find("live")!.Link.IsConnected);
        Assert.False(watches.Find("dead")!.Ready.IsCompleted);
        await watches.StopAsync(CancellationToken.None);
    }

    private static Task StartAsync(ClusterRegistry registry, params ClusterSource[] sources) => new ConfiguredClusters(
        new ClusterSettings(false, null, null, false, "") { Named = sources }, registry, TimeProvider.System, NullLogger<KubeClient>.Instance).StartAsync(Ct);

    private string Kubeconfig(string name, string server)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $$"""
            current-context: it
            contexts: [{name: it, context: {cluster: it} }]
            clusters: [{name: it, cluster: {server: '{{server}}'} }]
            """);
        return path;
    }
}
