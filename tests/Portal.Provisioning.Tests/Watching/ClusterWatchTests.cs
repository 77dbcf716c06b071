using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Provisioning.Watching;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Watching;

public sealed class ClusterWatchTests : IClassFixture<LiveCluster>, IAsyncDisposable
{
    private readonly LiveCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterWatch _watch;
    private readonly Task _running;
    private readonly ConcurrentDictionary<string, int> _woken = new(StringComparer.Ordinal);

    public ClusterWatchTests(LiveCluster cluster)
    {
        _cluster = cluster;
        _watch = new ClusterWatch(cluster.Client, new ClusterWatchOptions(), TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        _watch.OnNamespaceChanged(ns => _woken.AddOrUpdate(ns, 1, (_, n) => n + 1));
        _running = _watch.RunAsync(_stop.Token);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_DeploymentApplied_FeedsPodsEventsAndHealthOfItsNamespace()
    {
        _cluster.NeedsKubelet("its pods never become healthy.");
        await _watch.Ready.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.True(_watch.Link.IsConnected);
        var ns = await _cluster.NamespaceAsync();
        await Apply(LiveCluster.Deployment(ns, "web", 2));

        var pods = await Eventually.Holds(
            () => Task.FromResult(_watch.Pods.Rows(ns)), rows => rows.Count(p => p.Health == HealthStatus.Healthy) == 2, "two healthy pods in the feed");
        var web = await Eventually.Holds(
            () => Task.FromResult(_watch.Workloads.Rows(ns).FirstOrDefault(w => w.Name == "web")), w => w?.Health == HealthStatus.Healthy, "a healthy deployment in the feed");
        await Eventually.Holds(() => _watch.Events.Rows(ns).Any(e => e.Object == "Deployment/web"), "the deployment's events");

        Assert.All(pods, p => Assert.Equal(("frontend", 1, 1, "Running", "3.10"), (p.Component, p.ReadyContainers, p.AllContainers, p.Phase, p.RunVersion)));
        Assert.Equal("2 of 2 pods are ready.", web!.Message);
        Assert.True(_woken.ContainsKey(ns));
    }

    [Fact]
    public async Task Watch_NamespaceDeleted_LeavesNoRows()
    {
        var ns = await _cluster.NamespaceAsync();
        await Apply(LiveCluster.Deployment(ns, "web", 1));
        await Eventually.Holds(() => _watch.Pods.Rows(ns).Count == 1 && _watch.Events.HasScope(ns), "rows of the namespace");

        await _cluster.Client.DeleteAsync(new ObjectRef("v1", "Namespace", null, ns), new DeleteOptions(), Ct);

        await Eventually.Holds(() => !_watch.Pods.HasScope(ns) && !_watch.Workloads.HasScope(ns) && !_watch.Events.HasScope(ns), "no rows of the namespace");
    }

    [Fact]
    public async Task Subscribe_OneNamespace_HearsOfNoOther()
    {
        var (mine, other) = (await _cluster.NamespaceAsync(), await _cluster.NamespaceAsync());
        using var reader = _watch.Pods.Subscribe(mine);
        var heard = new ConcurrentBag<string>();
        var reading = Task.Run(async () =>
        {
            await foreach (var batch in reader.ChangesAsync(Ct))
            {
                batch.OfType<FeedChange<ObjectRef, PodRow>.Upsert>().ToList().ForEach(u => heard.Add(u.Row.Namespace));
            }
        }, Ct);

        await Apply(LiveCluster.Deployment(other, "web", 1));
        await Apply(LiveCluster.Deployment(mine, "web", 1));
        await Eventually.Holds(() => _watch.Pods.HasScope(other) && !heard.IsEmpty, "pods in both namespaces");
        reader.Dispose();
        await reading;

        Assert.All(heard, ns => Assert.Equal(mine, ns));
        Assert.Equal(0, _watch.Pods.Readers);
    }

    [Fact]
    public async Task OnNamespaceChanged_StatusOfAnAutoscaler_WakesNobodyAndItsSpecDoes()
    {
        var ns = await _cluster.NamespaceAsync();
        var scaler = await Apply(Autoscaler(ns, most: 3));
        // Its target is none, which the cluster's own controller says on it once, and that is news. What is seen in the feed was told before what comes next.
        await Eventually.Holds(() => _watch.Workloads.Rows(ns).Any(row => row.Name == "web" && row.Health == HealthStatus.Degraded), "the autoscaler in the feed, without a target");
        await SeenAsync(ns, await Reported(scaler, "2026-11-28T10:00:00Z"));
        var before = _woken[ns];

        await SeenAsync(ns, await Reported(scaler, "2026-11-28T10:00:15Z"));
        Assert.Equal(before, _woken[ns]);

        await Apply(Autoscaler(ns, most: 4));
        await Eventually.Holds(() => _woken[ns] > before, "a change of the spec wakes");
    }

    [Fact]
    public async Task Watch_Cut_GoesOn()
    {
        _cluster.NeedsKubelet("its pods never become healthy.");
        await _watch.Ready.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        var ns = await _cluster.NamespaceAsync();
        _cluster.CutWatches();
        await Apply(LiveCluster.Deployment(ns, "web", 1));

        await Eventually.Holds(() => _watch.Pods.Rows(ns).Any(p => p.Health == HealthStatus.Healthy), "a healthy pod after the cut");
    }

    [Fact]
    public async Task Watch_ClusterStops_IsAVisibleStateLoggedOnce()
    {
        var log = new Log();
        var sandbox = await SandboxCluster.StartAsync(SandboxOptions.Instant, TimeProvider.System, NullLoggerFactory.Instance, Ct);
        var folder = Directory.CreateTempSubdirectory("portal-lost-");
        var path = Path.Combine(folder.FullName, "kubeconfig");
        sandbox.WriteKubeconfig(path);
        using var client = FaultTests.Client(ClusterConnection.FromKubeconfig(path, null));
        folder.Delete(recursive: true);
        var quick = new InformerOptions { FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(100) };
        var watch = new ClusterWatch(client, new ClusterWatchOptions { Informer = quick }, TimeProvider.System, log);
        var running = watch.RunAsync(_stop.Token);
        await watch.Ready.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        await sandbox.DisposeAsync();

        await Eventually.Holds(() => Task.FromResult(watch.Link), link => link.Error is not null, "the link is lost");
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.False(watch.Link.IsConnected);
        Assert.Contains("cannot be reached", watch.Link.Error, StringComparison.Ordinal);
        Assert.Single(log.Warnings);
        Assert.False(running.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private Task SeenAsync(string ns, KubeObject written) => Eventually.Holds(
        () => _watch.Workloads.Rows(ns).Any(row => row.Name == written.Name && row.Version >= long.Parse(written.ResourceVersion!, CultureInfo.InvariantCulture)), "the write in the feed");

    /// <summary>What the controller of autoscalers writes every few seconds.</summary>
    private Task<KubeObject> Reported(KubeObject scaler, string when) => _cluster.Client.PatchAsync(
        scaler.Ref, new JsonObject { ["status"] = new JsonObject { ["lastScaleTime"] = when, ["currentReplicas"] = 1, ["desiredReplicas"] = 1 } }, "status", Ct);

    private static KubeObject Autoscaler(string ns, int most) => new(JsonNode.Parse($$"""
        {
          "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
          "metadata": { "name": "web", "namespace": "{{ns}}", "labels": { "app.kubernetes.io/managed-by": "portal" } },
          "spec": { "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "none" }, "minReplicas": 1, "maxReplicas": {{most}} }
        }
        """)!.AsObject());

    private Task<KubeObject> Apply(KubeObject manifest) => _cluster.Client.ApplyAsync(manifest, new ApplyOptions(), Ct);

    private sealed class Log : ILogger<ClusterWatch>
    {
        public ConcurrentQueue<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Enqueue(formatter(state, exception));
            }
        }
    }
}
