using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Rollouts and deletions through a cluster and a network that misbehave: each ends Ready and then gone, without orphans.</summary>
public sealed class FaultyClusterTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    public static TheoryData<string> Faults => ["409", "429", "500", "503", "slow answers", "slow body", "lost before a write", "lost after a write", "list cut", "expired list"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Reconcile_ThroughFaults_EndsReadyAndThenGone(string fault)
    {
        var id = await _world.ApprovedAsync();
        using (Break(fault, "patch"))
        {
            var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, within: TimeSpan.FromSeconds(60));
            Assert.Empty(await Orphans.FindAsync(_world, ready));
            await _world.DeleteAsync(id);
        }

        using (Break(fault, "delete"))
        {
            var deleted = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, within: TimeSpan.FromSeconds(60));
            Assert.Empty(await _world.ObjectsAsync(deleted));
        }
    }

    [Fact]
    public async Task Reconcile_ClockThatJumpsBackAndForth_EndsReadyAndThenGone()
    {
        var id = await _world.ApprovedAsync();
        var reconciler = _world.NewReconciler();
        TimeSpan[] jumps = [TimeSpan.FromHours(-3), TimeSpan.FromMinutes(4), TimeSpan.FromDays(-1), TimeSpan.FromMinutes(5)];
        foreach (var jump in jumps)
        {
            await reconciler.ReconcileAsync(id, CancellationToken.None);
            _world.Clock.Jump(jump);
        }

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, reconciler);
        await _world.DeleteAsync(id);
        _world.Clock.Jump(TimeSpan.FromHours(-1));
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, reconciler);
    }

    [Fact]
    public async Task Reconcile_TwoWorkersOnOneDatabase_NeverWorkAtTheSameTime()
    {
        var id = await _world.ApprovedAsync();
        var presence = new Presence();
        var workers = Enumerable.Range(0, 2)
            .Select(_ => _world.NewReconciler(new WatchedStore(_world.Get<IReconcileStore>(), presence)))
            .Select(reconciler => Task.Run(() => _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, reconciler)));

        await Task.WhenAll(workers);

        Assert.Equal(1, presence.Most);
        Assert.True(presence.Visits > 2, "Only one of them ever worked.");
        Assert.Empty(await Orphans.FindAsync(_world, await _world.EnvironmentAsync(id)));
    }

    [Fact]
    public async Task Reconcile_OneClusterAway_TheEnvironmentsOfTheOtherGoOn()
    {
        await using var other = await SandboxCluster.StartAsync(SandboxOptions.Instant, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        other.WriteKubeconfig(Path.Combine(Path.GetDirectoryName(_world.Cluster.KubeconfigPath)!, "other"));
        _world.Get<ClusterRegistry>().Add(
            ReconcileWorld.OtherCluster, new KubeClient(ClusterConnection.FromKubeconfig(other.KubeconfigPath, null), TimeProvider.System, NullLogger<KubeClient>.Instance));
        var lost = await _world.ApprovedAsync("lost", cluster: ReconcileWorld.OtherCluster);
        var live = await _world.ApprovedAsync("live");
        using var away = other.Faults.GoAway();
        var waiting = _world.NewReconciler().ReconcileAsync(lost, CancellationToken.None);

        await _world.ReconcileUntilAsync(live, EnvironmentPhase.Ready);

        Assert.IsType<ReconcileResult.Failed>(await waiting);
        Assert.Equal(HealthStatus.Unknown, (await _world.EnvironmentAsync(lost)).Status.Health);
    }

    private IDisposable Break(string fault, string write) => fault switch
    {
        "409" => _world.Cluster.Faults.Add(new RequestFault(write, null, 409, Times: 30)),
        "429" => _world.Cluster.Faults.Add(new RequestFault(write, null, 429, RetryAfterSeconds: 1, Times: 12)),
        "500" => _world.Cluster.Faults.Add(new RequestFault(write, null, 500, Times: 30)),
        "503" => _world.Cluster.Faults.Add(new RequestFault(write, null, 503, Times: 30)),
        "slow answers" => _world.Cluster.Faults.Add(new RequestFault(write, null, Times: 30) { Effect = RequestEffect.Serve, Delay = TimeSpan.FromMilliseconds(300) }),
        "slow body" => _world.Cluster.Faults.Add(new RequestFault("list", null, Times: 30) { Effect = RequestEffect.SlowBody, Delay = TimeSpan.FromMilliseconds(300) }),
        "lost before a write" => _world.Cluster.Faults.Add(new RequestFault(write, null, Times: 30) { Effect = RequestEffect.CutBefore }),
        "lost after a write" => _world.Cluster.Faults.Add(new RequestFault(write, null, Times: 30) { Effect = RequestEffect.CutAfter }),
        "list cut" => _world.Cluster.Faults.Add(new RequestFault("list", null, Times: 30) { Effect = RequestEffect.CutBody }),
        "expired list" => _world.Cluster.Faults.Add(new RequestFault("list", null, 410, Times: 10)),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Unknown fault."),
    };
}
