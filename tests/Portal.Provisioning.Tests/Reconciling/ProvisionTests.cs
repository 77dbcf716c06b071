using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

public sealed class ProvisionTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public async Task Reconcile_ApprovedPreset_EndsReadyWithEveryObjectOfTheInventoryThere(Preset preset)
    {
        var id = await _world.ApprovedAsync(spec: Presets.Create(preset, Purpose.Development, "shop.apps.example"));

        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        Assert.Equal(Components.All, ready.Status.Components.Select(component => component.Component));
        Assert.All(ready.Status.Components, component => Assert.Equal(HealthStatus.Healthy, component.Health));
        Assert.Equal(1, ready.Status.ObservedGeneration);
        foreach (var entry in await _world.InventoryAsync(id))
        {
            var live = await _world.Kube.GetAsync(new ObjectRef(entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name), CancellationToken.None);
            Assert.True(live is not null, $"{entry.Kind}/{entry.Name} is in the inventory and not on the cluster.");
            Assert.Equal(live.Uid, entry.Uid);
            Assert.Equal(id.ToString(), live.Label(Labels.Environment));
        }

        var rollout = Assert.Single(await _world.RolloutsAsync(id));
        Assert.Equal(RolloutOutcome.Succeeded, rollout.Outcome);
        Assert.All(rollout.Steps, step => Assert.NotNull(step.SettledAt));
    }

    [Fact]
    public async Task Reconcile_ReadyEnvironment_WritesNothing()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var before = await VersionsAsync(ready);

        var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Settled>(result);
        Assert.Equal(before, await VersionsAsync(ready));
    }

    [Fact]
    public async Task Reconcile_ObjectDeletedBehindItsBack_MakesItAgain()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var service = new ObjectRef("v1", "Service", ready.Namespace, "gateway");
        await _world.Kube.DeleteAsync(service, new DeleteOptions(), CancellationToken.None);

        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.NotNull(await _world.Kube.GetAsync(service, CancellationToken.None));
    }

    [Fact]
    public async Task Reconcile_ApprovedChange_RollsOutTheNextGeneration()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var request = await _world.RequestChangeAsync(id, ready.Spec with { Gateway = ready.Spec.Gateway with { Image = "registry.example/shop/gateway:2.0.0" } });
        Assert.Contains(request.Plan.Entries, entry => entry is { Action: Core.Plans.PlanAction.Change, Kind: "Deployment", Name: "gateway" });

        await _world.ApproveAsync(request);
        var updated = await Eventually.Holds(
            () => _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready), environment => environment.Status.ObservedGeneration == 2, "generation 2 observed");

        var gateway = await _world.Kube.GetAsync(new ObjectRef("apps/v1", "Deployment", updated.Namespace, "gateway"), CancellationToken.None);
        Assert.Contains("registry.example/shop/gateway:2.0.0", gateway!.ToJson(), StringComparison.Ordinal);
        Assert.Equal([2L, 1L], (await _world.RolloutsAsync(id)).Select(rollout => rollout.Generation));
    }

    [Fact]
    public async Task Reconcile_SpecThatAsksForLess_PrunesWhatIsNoLongerWanted()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await _world.ApprovedAsync(spec: spec with { Edge = spec.Edge with { Locations = ["jakarta", "singapore"] } });
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        Assert.Contains("Deployment/edge-singapore", await _world.ObjectsAsync(ready));

        await _world.ApproveAsync(await _world.RequestChangeAsync(id, ready.Spec with { Edge = ready.Spec.Edge with { Locations = ["jakarta"] } }));

        await Eventually.Holds(
            async () =>
            {
                await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
                return await _world.InventoryAsync(id);
            },
            inventory => !inventory.Any(entry => entry.Name.Contains("singapore", StringComparison.Ordinal)),
            "the inventory forgot the dropped location");
        Assert.DoesNotContain(await _world.ObjectsAsync(ready), item => item.Contains("edge-singapore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reconcile_AnotherLocation_IsReadyWithTheOldOneGoneAndTheQuotaAsBefore()
    {
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await _world.ApprovedAsync(spec: spec with { Edge = spec.Edge with { Locations = ["jakarta"] } });
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var quota = new ObjectRef("v1", "ResourceQuota", ready.Namespace, "environment");
        var before = (await _world.Kube.GetAsync(quota, CancellationToken.None))!.At("spec", "hard")!.ToJsonString();

        await _world.ApproveAsync(await _world.RequestChangeAsync(id, ready.Spec with { Edge = ready.Spec.Edge with { Locations = ["tokyo"] } }));
        await Eventually.Holds(
            async () =>
            {
                await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
                Assert.NotEqual(EnvironmentPhase.Stuck, (await _world.EnvironmentAsync(id)).Status.Phase);
                return await _world.InventoryAsync(id);
            },
            inventory => !inventory.Any(entry => entry.Name.Contains("jakarta", StringComparison.Ordinal)),
            "the inventory forgot the old location");

        var moved = await _world.EnvironmentAsync(id);
        Assert.Equal((EnvironmentPhase.Ready, 2), (moved.Status.Phase, moved.Status.ObservedGeneration));
        var objects = await _world.ObjectsAsync(moved);
        Assert.Contains("Service/edge-tokyo", objects);
        Assert.DoesNotContain(objects, item => item.Contains("edge-jakarta", StringComparison.Ordinal));
        Assert.Equal(before, (await _world.Kube.GetAsync(quota, CancellationToken.None))!.At("spec", "hard")!.ToJsonString());
    }

    [Fact]
    public async Task Reconcile_SharedIngressClassThatPublishesNoAddress_EndsReadyAndSaysSo()
    {
        var platform = new PlatformSettings { IngressControllers = [new("shared", new("ingress-system", "controller"), 80, 80)] };
        await _world.Kube.CreateAsync(
            KubeObject.Parse("""{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"shared"},"spec":{"controller":"example.com/shared"}}"""), CancellationToken.None);
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await _world.ApprovedAsync(spec: spec with { Ingress = spec.Ingress with { Mode = IngressMode.IngressClass, ClassName = "shared" } });

        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, _world.NewReconciler(platform));

        Assert.Contains("Ingress/ingress", await _world.ObjectsAsync(ready));
        Assert.DoesNotContain("Deployment/ingress", await _world.ObjectsAsync(ready));
        var ingress = ready.Status.Components.Single(component => component.Component == Component.Ingress);
        Assert.Equal(HealthStatus.Healthy, ingress.Health);
        Assert.Contains("The shared controller of class shared has published no address", ingress.Message, StringComparison.Ordinal);

        // As after an upgrade: the controller is not described (any more), and nothing goes past edge and firewall meanwhile.
        var undescribed = _world.NewReconciler(PlatformSettings.Default);
        await Eventually.Holds(
            async () =>
            {
                await undescribed.ReconcileAsync(id, CancellationToken.None);
                return await _world.ObjectsAsync(await _world.EnvironmentAsync(id));
            },
            objects => objects.Contains("Deployment/ingress") && !objects.Contains("Ingress/ingress"),
            "the environment has its own tier");
    }

    [Fact]
    public async Task Reconcile_NamespaceOfSomebodyElse_IsStuckAndTouchesNothing()
    {
        var foreign = KubeObject.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"payments-shop","labels":{"owner":"someone"}}}""");
        var id = await _world.ApprovedAsync();
        await _world.Kube.CreateAsync(foreign, CancellationToken.None);

        var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

        Assert.IsType<ReconcileResult.Stuck>(result);
        var stuck = await _world.EnvironmentAsync(id);
        Assert.Equal(EnvironmentPhase.Stuck, stuck.Status.Phase);
        Assert.Contains("does not belong to this environment", stuck.Status.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await _world.ObjectsAsync(stuck), item => item.StartsWith("Deployment", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reconcile_GeneratedSecret_KeepsItsValuesAndNeverShowsThem()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var secrets = (await LiveStack.ReadAsync(_world.Kube, id, ready.Namespace, [("v1", "Secret")], CancellationToken.None)).OfKind("Secret").ToList();
        Assert.NotEmpty(secrets);

        await _world.ApproveAsync(await _world.RequestChangeAsync(id, ready.Spec with { Redis = ready.Spec.Redis with { MemoryMiB = 512 } }));
        await Eventually.Holds(() => _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready), environment => environment.Status.ObservedGeneration == 2, "generation 2 observed");

        var after = (await LiveStack.ReadAsync(_world.Kube, id, ready.Namespace, [("v1", "Secret")], CancellationToken.None)).OfKind("Secret").ToDictionary(secret => secret.Name);
        Assert.All(secrets, secret => Assert.Equal(secret.At("data")!.ToJsonString(), after[secret.Name].At("data")!.ToJsonString()));
    }

    [Fact]
    public async Task Reconcile_MoreStorage_GrowsTheClaimsAndKeepsTheSet()
    {
        var id = await _world.ApprovedAsync();
        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        var set = await _world.Kube.GetAsync(new ObjectRef("apps/v1", "StatefulSet", ready.Namespace, "mysql"), CancellationToken.None);

        await _world.ApproveAsync(await _world.RequestChangeAsync(id, ready.Spec with { MySql = ready.Spec.MySql with { StorageGiB = 25 } }));
        await Eventually.Holds(() => _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready), environment => environment.Status.ObservedGeneration == 2, "generation 2 observed");

        var claims = (await LiveStack.ReadAsync(_world.Kube, id, ready.Namespace, [], CancellationToken.None)).OfKind("PersistentVolumeClaim").ToList();
        Assert.Contains(claims, claim => claim.Name.EndsWith("-mysql-0", StringComparison.Ordinal) && claim.Text("spec", "resources", "requests", "storage") == "25Gi");
        var after = await _world.Kube.GetAsync(set!.Ref, CancellationToken.None);
        Assert.Equal(set.Uid, after!.Uid);
    }

    private async Task<string> VersionsAsync(AppEnvironment environment)
    {
        var live = await _world.LiveAsync(environment);
        return string.Join('\n', live.All.Select(item => $"{item.Ref} {item.ResourceVersion}").Order(StringComparer.Ordinal));
    }
}
