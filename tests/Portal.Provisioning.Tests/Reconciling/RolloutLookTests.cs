using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>While a rollout goes on, its looks read what reports; before it ends, everything is read.</summary>
public sealed class RolloutLookTests : IAsyncLifetime
{
    private static readonly RequestFault s_noConfiguration = new("list", "ConfigMap");

    private static readonly WorkloadFault s_noDatabase = new(WorkloadFaultKind.NeverReady, NamePrefix: "mysql");

    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_ConfigurationDeletedDuringTheRollout_IsThereWhenItIsReady()
    {
        var id = await _world.ApprovedAsync();
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        var deleted = new ObjectRef("v1", "ConfigMap", (await _world.EnvironmentAsync(id)).Namespace, "frontend-conf");
        Assert.NotNull(await _world.Kube.GetAsync(deleted, CancellationToken.None));
        await _world.Kube.DeleteAsync(deleted, new DeleteOptions(), CancellationToken.None);

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        Assert.NotNull(await _world.Kube.GetAsync(deleted, CancellationToken.None));
    }

    [Fact]
    public async Task Reconcile_LookDuringTheRollout_DoesNotReadWhatHasNothingToReport()
    {
        using var broken = _world.Cluster.Faults.Add(s_noDatabase);
        var id = await _world.ApprovedAsync();
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        using var unread = _world.Cluster.Faults.Add(s_noConfiguration);

        var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Waiting>(result);
    }

    [Fact]
    public async Task Reconcile_LookLongAfterTheLastFullOne_ReadsEverythingAgain()
    {
        using var broken = _world.Cluster.Faults.Add(s_noDatabase);
        var id = await _world.ApprovedAsync();
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        using var unread = _world.Cluster.Faults.Add(s_noConfiguration);
        _world.Clock.Jump(TimeSpan.FromSeconds(31));

        var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Failed>(result);
    }

    [Fact]
    public async Task Reconcile_AnotherProcess_ReadsEverything()
    {
        using var broken = _world.Cluster.Faults.Add(s_noDatabase);
        var id = await _world.ApprovedAsync();
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        using var unread = _world.Cluster.Faults.Add(s_noConfiguration);

        var result = await _world.NewReconciler().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Failed>(result);
    }
}
