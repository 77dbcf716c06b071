using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>A canary on a cluster: started, promoted, ended, and one that fails.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string NewImage = "registry.example/shop/gateway:2";

    private ReconcileWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Canary_StartedAndPromoted_RunsBesideTheStablePodsAndThenInTheirPlace()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var before = await PodsAsync(ready, "gateway");

        var started = await OperateAsync(id, ready, new Operation.StartCanary(Component.Gateway, NewImage, 20, 2));

        Assert.Equal(before.Select(pod => pod.Uid).Order(), (await PodsAsync(started, "gateway")).Select(pod => pod.Uid).Order());
        Assert.All(await PodsAsync(started, "gateway-canary"), pod => Assert.Equal(NewImage, Image(pod)));
        Assert.Equal((before.Count, 2), (await ReachedAsync(started, "gateway"), await ReachedAsync(started, "gateway-canary")));

        var promoted = await OperateAsync(id, started, new Operation.PromoteCanary(Component.Gateway));

        Assert.All(await PodsAsync(promoted, "gateway"), pod => Assert.Equal(NewImage, Image(pod)));
        await NothingLeftAsync(id);
    }

    [Fact]
    public async Task Canary_StartedAndEnded_LeavesThePodsThatWereThereAndNothingOfItsOwn()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var before = await PodsAsync(ready, "gateway");

        var started = await OperateAsync(id, ready, new Operation.StartCanary(Component.Gateway, NewImage, 0, 1));
        var ended = await OperateAsync(id, started, new Operation.EndCanary(Component.Gateway));

        Assert.Equal(before.Select(pod => pod.Uid).Order(), (await PodsAsync(ended, "gateway")).Select(pod => pod.Uid).Order());
        Assert.Equal(SpecJson.Write(ready.Spec), SpecJson.Write(ended.Spec));
        await NothingLeftAsync(id);
    }

    [Fact]
    public async Task Canary_WhosePodsFail_IsToldGoesAgainAndTouchesNoStablePod()
    {
        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.ImagePull, Image: NewImage));
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var before = await PodsAsync(ready, "gateway");

        await _world.ApproveAsync(await _world.RequestChangeAsync(id, OperationRules.Apply(new Operation.StartCanary(Component.Gateway, NewImage, 20, 1), ready.Spec).Value));
        await SeenAsync(id, status => status.Components.Any(item => item is { Component: Component.Gateway, Health: HealthStatus.Degraded }), "the canary fails");
        Assert.Equal(before.Count, await ReachedAsync(ready, "gateway"));
        _world.Clock.Jump(TimeSpan.FromMinutes(3));
        await SeenAsync(id, status => status is { Phase: EnvironmentPhase.Ready, ObservedGeneration: 3 }, "generation 3 is ready");

        var environment = await _world.EnvironmentAsync(id);
        Assert.Null(environment.Spec.Gateway.Canary);
        Assert.Equal(before.Select(pod => pod.Uid).Order(), (await PodsAsync(environment, "gateway")).Select(pod => pod.Uid).Order());
        var rollout = (await _world.RolloutsAsync(id))[1];
        Assert.Equal(RolloutOutcome.RolledBack, rollout.Outcome);
        Assert.Contains(NewImage, rollout.Message, StringComparison.Ordinal);
        await NothingLeftAsync(id);
    }

    private async Task<AppEnvironment> OperateAsync(EnvironmentId id, AppEnvironment environment, Operation operation)
    {
        await _world.ApproveAsync(await _world.RequestChangeAsync(id, OperationRules.Apply(operation, environment.Spec).Value));
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Updating);
        return await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
    }

    /// <summary>What the canary had made goes once all is healthy without it.</summary>
    private Task<List<string>> NothingLeftAsync(EnvironmentId id) => Eventually.Holds(
        async () =>
        {
            var environment = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
            return (await _world.ObjectsAsync(environment)).Where(item => item.Contains("canary", StringComparison.Ordinal)).ToList();
        },
        left => left.Count == 0, "nothing of the canary is left");

    private Task<EnvironmentStatus> SeenAsync(EnvironmentId id, Func<EnvironmentStatus, bool> holds, string what) => Eventually.Holds(
        async () =>
        {
            await _world.Get<StackReconciler>().ReconcileAsync(id, Ct);
            return (await _world.EnvironmentAsync(id)).Status;
        },
        holds, what);

    private async Task<List<KubeObject>> PodsAsync(AppEnvironment environment, string component) =>
        [.. (await _world.LiveAsync(environment)).OfKind("Pod").Where(pod => pod.Label(Labels.Component) == component && !pod.IsTerminating)];

    private static string Image(KubeObject pod) => (string)pod.Items("spec", "containers").Single()["image"]!;

    private async Task<int> ReachedAsync(AppEnvironment environment, string service) =>
        (await _world.Kube.ListAsync(new ListQuery("discovery.k8s.io/v1", "EndpointSlice", environment.Namespace), Ct)).Items
            .Where(slice => slice.Label("kubernetes.io/service-name") == service).Sum(slice => slice.Items("endpoints").Count());
}
