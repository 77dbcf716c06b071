using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>While a rollout goes on, its looks read what reports; before it ends, everything is read.</summary>
public sealed class RolloutLookTests : IAsyncLifetime
{
    private static readonly RequestFault s_noConfiguration = new("list", "ConfigMap");

    private static readonly RequestFault s_noQuota = new("list", "ResourceQuota");

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
    public async Task Reconcile_LookDuringTheRollout_DoesNotReadWhatIsDone()
    {
        using var broken = _world.Cluster.Faults.Add(s_noDatabase);
        var id = await _world.ApprovedAsync();
        await UntilDoneAsync(id, Component.Base);
        using var unread = _world.Cluster.Faults.Add(s_noQuota);

        var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Waiting>(result);
    }

    [Fact]
    public async Task Reconcile_WorkloadOfADoneComponentDeletedDuringTheRollout_IsThereWhenItIsReady()
    {
        var broken = _world.Cluster.Faults.Add(s_noDatabase);
        var id = await _world.ApprovedAsync();
        await UntilDoneAsync(id, Component.Redis);
        var deleted = new ObjectRef("apps/v1", "StatefulSet", (await _world.EnvironmentAsync(id)).Namespace, "redis-s0");
        var before = await _world.Kube.GetAsync(deleted, CancellationToken.None);
        Assert.NotNull(before);
        await _world.Kube.DeleteAsync(deleted, new DeleteOptions(), CancellationToken.None);
        broken.Dispose();

        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        var after = await _world.Kube.GetAsync(deleted, CancellationToken.None);
        Assert.NotNull(after);
        Assert.NotEqual(before.Uid, after.Uid);
    }

    [Fact]
    public async Task Read_WithADoneComponent_PassesItByAndSeesEverythingElse()
    {
        var ready = await _world.ReconcileUntilAsync(await _world.ApprovedAsync(), EnvironmentPhase.Ready);
        var (ns, inventory) = (ready.Namespace, await _world.InventoryAsync(ready.Id));
        var seen = (await _world.LiveAsync(ready)).Remember(new HashSet<Component> { Component.Base, Component.Redis });
        await _world.Kube.CreateAsync(KubeObject.Parse($"{{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{{\"name\":\"stranger\",\"namespace\":\"{ns}\"}},\"spec\":{{\"ports\":[{{\"port\":80}}]}}}}"), CancellationToken.None);

        var live = await LiveStack.ReadAsync(_world.Kube, ready.Id, ns, inventory, seen, CancellationToken.None);

        Assert.True(live.IsRemembered);
        Assert.Contains(live.OfKind("Service"), service => service.Name == "stranger");
        Assert.Equal(
            [(false, "ConfigMap"), (false, "Pod"), (false, "Service"), (true, "PersistentVolumeClaim"), (true, "Secret")],
            await OfAsync(Component.Redis, "ConfigMap", "Pod", "Secret", "Service", "PersistentVolumeClaim"));
        Assert.All(await OfAsync(Component.MySql, "ConfigMap", "Pod", "Service", "PersistentVolumeClaim", "StatefulSet"), kind => Assert.True(kind.Found, kind.Kind));

        // Each of these is there: only whether it was read or remembered differs.
        async Task<IEnumerable<(bool Found, string Kind)>> OfAsync(Component component, params string[] kinds)
        {
            var all = await _world.LiveAsync(ready);
            return kinds.Where(kind => Has(all, kind)).Select(kind => (Has(live, kind), kind)).Order();

            bool Has(LiveStack stack, string kind) => stack.OfKind(kind).Any(item => Labels.SlugOf(item) == component.Slug());
        }
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

    /// <summary>Looks until the component is done; the look after that need not read it again.</summary>
    private Task<EnvironmentStatus> UntilDoneAsync(EnvironmentId id, Component component) => Eventually.Holds(
        async () =>
        {
            await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
            return (await _world.EnvironmentAsync(id)).Status;
        },
        status => status.Components.Any(part => part.Component == component && part.Health == HealthStatus.Healthy), $"{component} is done");
}
