using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Provisioning.Tests.Reconciling;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Conformance;

/// <summary>From approval to Ready, through changes and back to nothing, on whatever server there is.</summary>
public class ReconcileConformanceTests(LiveCluster cluster) : IClassFixture<LiveCluster>
{
    private const string Team = "payments-";

    [Theory]
    [InlineData(Preset.Small, Purpose.Development)]
    [InlineData(Preset.Medium, Purpose.Staging)]
    [InlineData(Preset.Large, Purpose.Production)]
    public async Task Reconcile_Preset_EndsReadyAndDeletionEndsWithNothingLeft(Preset preset, Purpose purpose)
    {
        await using var world = await ReconcileWorld.OnAsync(cluster);
        var name = cluster.UnusedName(Team);
        await using var kubelet = StandInKubelet.For(cluster, Team + name);
        var id = await world.ApprovedAsync(name, Presets.Create(preset, purpose, "shop.apps.example"));

        var ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, within: TimeSpan.FromMinutes(3));
        var inventory = await world.InventoryAsync(id);
        Assert.All(inventory, entry => Assert.NotNull(entry.Uid));

        // Everything that the server and its controllers added must not look like drift.
        var before = await OwnVersionsAsync(world, ready);
        Assert.IsType<ReconcileResult.Settled>(await world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None));
        Assert.Equal(before, await OwnVersionsAsync(world, ready));

        await DeleteAsync(world, id);
        var deleted = await world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, within: TimeSpan.FromMinutes(3));

        Assert.Contains("gone", deleted.Status.Message, StringComparison.Ordinal);
        Assert.Null(await world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, ready.Namespace), CancellationToken.None));
        foreach (var entry in inventory)
        {
            Assert.Null(await world.Kube.GetAsync(new ObjectRef(entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name), CancellationToken.None));
        }
    }

    [Fact]
    public async Task Reconcile_OtherSpec_ChangesGrowsAndPrunes()
    {
        await using var world = await ReconcileWorld.OnAsync(cluster);
        var name = cluster.UnusedName(Team);
        await using var kubelet = StandInKubelet.For(cluster, Team + name);
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var id = await world.ApprovedAsync(name, spec with { Edge = spec.Edge with { Locations = ["jakarta", "singapore"] } });
        var ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, within: TimeSpan.FromMinutes(2));
        var set = await world.Kube.GetAsync(new ObjectRef("apps/v1", "StatefulSet", ready.Namespace, "mysql"), CancellationToken.None);

        await world.ApproveAsync(await world.RequestChangeAsync(id, ready.Spec with
        {
            Edge = ready.Spec.Edge with { Locations = ["jakarta"] },
            Gateway = ready.Spec.Gateway with { Image = "registry.example/shop/gateway:2.0.0" },
            MySql = ready.Spec.MySql with { StorageGiB = 25 },
        }));
        await Eventually.Holds(
            async () =>
            {
                await world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
                var now = (await world.EnvironmentAsync(id)).Status;
                return (now.Phase, now.Message, now.ObservedGeneration, Left: string.Join(' ', (await world.InventoryAsync(id)).Select(entry => entry.Name).Where(item => item.Contains("singapore", StringComparison.Ordinal))));
            },
            state => state is { Phase: EnvironmentPhase.Ready, ObservedGeneration: 2, Left: "" },
            "generation 2 is ready and the dropped location is gone", TimeSpan.FromMinutes(2));

        var gateway = await world.Kube.GetAsync(new ObjectRef("apps/v1", "Deployment", ready.Namespace, "gateway"), CancellationToken.None);
        Assert.Contains("registry.example/shop/gateway:2.0.0", gateway!.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain(await world.ObjectsAsync(ready), item => item.Contains("edge-singapore", StringComparison.Ordinal));
        var claim = await world.Kube.GetAsync(new ObjectRef("v1", "PersistentVolumeClaim", ready.Namespace, "data-mysql-0"), CancellationToken.None);
        Assert.Equal("25Gi", claim!.Text("spec", "resources", "requests", "storage"));
        var quota = await world.Kube.GetAsync(new ObjectRef("v1", "ResourceQuota", ready.Namespace, "environment"), CancellationToken.None);
        // Data and dumps each went from 10 to 25 Gi.
        Assert.Equal("82Gi", quota!.Text("spec", "hard", "requests.storage"));
        Assert.NotNull(quota.Annotation(ManifestHash.Annotation));
        Assert.Equal(set!.Uid, (await world.Kube.GetAsync(set.Ref, CancellationToken.None))!.Uid);
        await DeleteAsync(world, id);
        await world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, within: TimeSpan.FromMinutes(2));
    }

    private static async Task DeleteAsync(ReconcileWorld world, EnvironmentId id)
    {
        var request = await world.DeleteAsync(id);
        if (request.State == RequestState.Pending)
        {
            await world.ApproveAsync(request);
        }
    }

    /// <summary>The versions of what we wrote; pods and what controllers make may move on their own.</summary>
    private static async Task<IReadOnlyList<string>> OwnVersionsAsync(ReconcileWorld world, AppEnvironment environment)
    {
        var live = await world.LiveAsync(environment);
        return [.. live.All.Where(item => item.Annotation(ManifestHash.Annotation) is not null)
            .Select(item => $"{item.Ref} {item.Uid} {item.Generation}").Order(StringComparer.Ordinal)];
    }
}
