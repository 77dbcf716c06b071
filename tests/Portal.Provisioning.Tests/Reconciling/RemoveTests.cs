using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Kubernetes;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

public sealed class RemoveTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_DeletedEnvironment_EndsWithNothingLeft()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var inventory = await _world.InventoryAsync(id);
        var plan = (await _world.DeleteAsync(id)).Plan;

        var deleted = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted);

        Assert.Contains(plan.Entries, entry => entry is { Kind: "PersistentVolumeClaim" });
        Assert.Superset(inventory.Select(entry => (entry.Kind, entry.Name)).ToHashSet(), plan.Entries.Select(entry => (entry.Kind, entry.Name)).ToHashSet());
        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, ready.Namespace), CancellationToken.None));
        Assert.Empty(await _world.ObjectsAsync(ready));
        Assert.Empty(await _world.InventoryAsync(id));
        Assert.Contains("gone", deleted.Status.Message, StringComparison.Ordinal);
        var rollout = (await _world.RolloutsAsync(id))[0];
        Assert.Equal((RolloutKind.Delete, RolloutOutcome.Succeeded), (rollout.Kind, rollout.Outcome));
    }

    [Fact]
    public async Task Reconcile_Deletion_TakesDependentsBeforeWhatTheyDependOn()
    {
        var id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        await _world.DeleteAsync(id);

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted);

        var steps = (await _world.RolloutsAsync(id))[0].Steps.ToDictionary(step => step.Component);
        Assert.True(steps[Component.Edge].SettledAt <= steps[Component.LoadBalancer].StartedAt);
        Assert.True(steps[Component.Gateway].SettledAt <= steps[Component.MySql].StartedAt);
    }

    [Fact]
    public async Task Reconcile_DeletionInTheMiddleOfProvisioning_EndsWithNothingLeft()
    {
        var id = await _world.ApprovedAsync();
        await _world.NewReconciler().ReconcileAsync(id, CancellationToken.None);
        var environment = await _world.EnvironmentAsync(id);
        await _world.DeleteAsync(id);

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted);

        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, environment.Namespace), CancellationToken.None));
    }

    [Fact]
    public async Task Reconcile_SameNameAfterDeletion_IsProvisionedAgain()
    {
        var first = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(first, EnvironmentPhase.Ready);
        await _world.DeleteAsync(first);
        await _world.ReconcileUntilAsync(first, EnvironmentPhase.Deleted);

        var second = await _world.ApprovedAsync();

        await _world.ReconcileUntilAsync(second, EnvironmentPhase.Ready);
    }
}
