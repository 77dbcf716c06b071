using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

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
        var ns = (await _world.EnvironmentAsync(id)).Namespace;
        var deleted = new ObjectRef("v1", "ConfigMap", ns, "frontend-conf");
        // Its pod has started with it: one that waits for it would hold up the rollout until everything is read again.
        await Eventually.Holds(
            () => _world.Kube.GetAsync(new ObjectRef("apps/v1", "Deployment", ns, "frontend"), CancellationToken.None), found => found?.Number("status", "availableReplicas") >= 1, "the frontend runs");
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
