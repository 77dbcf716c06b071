using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Operations;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>A location of the edges out of service and back, on a cluster.</summary>
public sealed class DrainedLocationTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Drain_OfALocation_LeavesItsAddressWithoutPodsAndIsTakenBackAsItWas()
    {
        var small = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await _world.ApprovedAsync(spec: small with { Edge = small.Edge with { Locations = ["jakarta", "singapore"] } });
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var address = await AddressAsync(ready);
        Assert.NotNull(address);

        var drained = await OperateAsync(id, ready, new Operation.DrainLocation("singapore"));

        Assert.Equal((0, 0, address), (await PodsAsync(drained, "singapore"), await ReachedAsync(drained, "edge-singapore"), await AddressAsync(drained)));
        Assert.True(await PodsAsync(drained, "jakarta") > 0);
        Assert.True(await ReachedAsync(drained, "edge-jakarta") > 0);

        var back = await OperateAsync(id, drained, new Operation.TakeBackLocation("singapore"));

        Assert.Equal(address, await AddressAsync(back));
        Assert.True(await PodsAsync(back, "singapore") > 0);
        Assert.True(await ReachedAsync(back, "edge-singapore") > 0);
    }

    private async Task<AppEnvironment> OperateAsync(EnvironmentId id, AppEnvironment environment, Operation operation)
    {
        await _world.ApproveAsync(await _world.RequestChangeAsync(id, OperationRules.Apply(operation, environment.Spec).Value));
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Updating);
        return await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
    }

    private async Task<int> PodsAsync(AppEnvironment environment, string location) =>
        (await _world.LiveAsync(environment)).OfKind("Pod").Count(pod => pod.Label(Labels.Location) == location && !pod.IsTerminating);

    private async Task<int> ReachedAsync(AppEnvironment environment, string service) =>
        (await _world.Kube.ListAsync(new ListQuery("discovery.k8s.io/v1", "EndpointSlice", environment.Namespace), Ct)).Items
            .Where(slice => slice.Label("kubernetes.io/service-name") == service).Sum(slice => slice.Items("endpoints").Count());

    private async Task<string?> AddressAsync(AppEnvironment environment) =>
        (await _world.Kube.GetAsync(new ObjectRef("v1", "Service", environment.Namespace, "edge-singapore"), Ct))?.Items("status", "loadBalancer", "ingress").Select(each => (string?)each["ip"]).FirstOrDefault();
}
