using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Deletions with their proof, with what the owner wants to keep, and with what holds them up.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private ReconcileWorld _world = null!;
    private EnvironmentId _id;
    private AppEnvironment _ready = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ReconcileWorld.StartAsync();
        _id = await _world.ApprovedAsync();
        _ready = await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Ready);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Delete_WithItsData_ReportsEveryObjectByUidAndLeavesNoVolume()
    {
        var inventory = await _world.InventoryAsync(_id);
        var volumes = await VolumesAsync();
        Assert.NotEmpty(volumes);
        await _world.DeleteAsync(_id);

        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);

        var report = (await ReportAsync())!;
        Assert.Superset(inventory.Select(entry => entry.Uid).ToHashSet(), report.Removed.Select(removed => removed.Uid).ToHashSet());
        Assert.Equal(report.Removed.Count, report.Removed.Select(removed => removed.Uid).Distinct().Count());
        Assert.Contains(report.Removed, removed => removed is { Kind: "PersistentVolumeClaim", Component: Component.MySql });
        Assert.NotNull(report.VerifiedAt);
        Assert.Empty(report.Kept);
        Assert.Empty(await VolumesAsync());
    }

    [Fact]
    public async Task Delete_KeepingTheData_LeavesTheVolumesAndNamesThem()
    {
        var volumes = await VolumesAsync();
        await _world.DeleteAsync(_id, DataDisposition.Keep);

        var deleted = await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);

        var report = (await ReportAsync())!;
        Assert.Equal(volumes.Order(), report.Kept.Select(kept => kept.Volume).Order());
        Assert.Equal(volumes.Order(), (await VolumesAsync()).Order());
        foreach (var kept in report.Kept)
        {
            var volume = (await _world.Kube.GetAsync(new ObjectRef("v1", "PersistentVolume", null, kept.Volume), CancellationToken.None))!;
            Assert.Equal(("Retain", _id.ToString()), (volume.Text("spec", "persistentVolumeReclaimPolicy"), volume.Label(Labels.KeptFor)));
        }

        Assert.Contains("stay", deleted.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WithALastBackup_WritesItBeforeAnythingGoesAndKeepsItsVolume()
    {
        await _world.DeleteAsync(_id, DataDisposition.BackUp);
        await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
        var objects = await _world.ObjectsAsync(_ready);
        Assert.Contains("Job/last-backup", objects);
        Assert.Contains("Deployment/edge-jakarta", objects);

        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);

        var report = (await ReportAsync())!;
        Assert.Equal(Names.MySqlDumps, Assert.Single(report.Kept).Claim);
        Assert.Equal([report.Kept[0].Volume], await VolumesAsync());
        Assert.Contains(report.Removed, removed => removed is { Kind: "Job", Name: "last-backup" });
        Assert.Contains(Names.MySqlDumps, report.Backup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WhoseLastBackupFails_DeletesNothingUntilItIsChosenAnew()
    {
        using var fault = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.CrashLoop, NamePrefix: "last-backup"));
        await _world.DeleteAsync(_id, DataDisposition.BackUp);

        var stuck = await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Stuck, within: TimeSpan.FromMinutes(1));

        Assert.Contains("nothing was deleted", stuck.Status.Message, StringComparison.Ordinal);
        Assert.Contains("Deployment/edge-jakarta", await _world.ObjectsAsync(_ready));
        var again = await _world.Get<RequestDeletionCommand>().ExecuteAsync(_world.Member, _id, _ready.Name, null, DataDisposition.Delete, CancellationToken.None);
        Assert.True(again.IsSuccess);
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);
    }

    [Fact]
    public async Task Delete_WithALastBackupThatWasApprovedOfAPausedOne_IsStuckAtOnceAndCanBeChosenAnew()
    {
        await _world.ApproveAsync(await _world.RequestChangeAsync(_id, _ready.Spec with { DayTwo = _ready.Spec.DayTwo with { Paused = true } }));
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Paused);
        await using (var session = _world.Get<PortalSessions>().Open())
        {
            // The request is refused; a portal of before let it through.
            (await session.FindEnvironmentAsync(_id, CancellationToken.None))!.ApproveDeletion(DataDisposition.BackUp, _world.Clock.GetUtcNow());
            Assert.True(await session.TrySaveAsync(CancellationToken.None));
        }

        await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);

        var stuck = await _world.EnvironmentAsync(_id);
        Assert.Equal(EnvironmentPhase.Stuck, stuck.Status.Phase);
        Assert.Contains("It is paused, so MySQL cannot be backed up, and nothing was deleted.", stuck.Status.Message, StringComparison.Ordinal);
        var objects = await _world.ObjectsAsync(_ready);
        Assert.DoesNotContain("Job/last-backup", objects);
        Assert.Contains("Deployment/edge-jakarta", objects);

        await _world.DeleteAsync(_id, DataDisposition.Keep);
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);
        Assert.NotEmpty((await ReportAsync())!.Kept);
    }

    [Fact]
    public async Task Delete_HeldUpByAFinalizer_NamesItAndIsStuckAfterTheDeadline()
    {
        var gateway = new ObjectRef("v1", "ConfigMap", _ready.Namespace, (await _world.InventoryAsync(_id)).First(entry => entry.Kind == "ConfigMap").Name);
        await _world.Kube.PatchAsync(gateway, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/forgotten") } }, null, CancellationToken.None);
        await _world.DeleteAsync(_id);
        await Eventually.Holds(
            async () =>
            {
                await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
                return await _world.Kube.GetAsync(gateway, CancellationToken.None);
            },
            live => live!.IsTerminating, "the object is on its way out");

        _world.Clock.Jump(2 * s_minute);
        await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
        var slow = (await _world.EnvironmentAsync(_id)).Status;
        Assert.Equal(EnvironmentPhase.Deleting, slow.Phase);
        Assert.Contains("example.com/forgotten", slow.Message, StringComparison.Ordinal);
        Assert.Contains(gateway.Name, slow.Message, StringComparison.Ordinal);

        _world.Clock.Jump(15 * s_minute);
        var result = await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
        Assert.IsType<ReconcileResult.Stuck>(result);
        Assert.Equal(EnvironmentPhase.Stuck, (await _world.EnvironmentAsync(_id)).Status.Phase);

        await _world.Kube.PatchAsync(gateway, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, null, CancellationToken.None);
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);
    }

    [Fact]
    public async Task Delete_NamespaceHeldUpByWhatIsNotOurs_NamesWhatIsLeftInIt()
    {
        var foreign = KubeObject.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"foreign","finalizers":["example.com/forgotten"]}}""");
        foreign.Root["metadata"]!["namespace"] = _ready.Namespace;
        foreign = await _world.Kube.CreateAsync(foreign, CancellationToken.None);
        await _world.DeleteAsync(_id);
        await Eventually.Holds(
            async () =>
            {
                await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
                return await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, _ready.Namespace), CancellationToken.None);
            },
            ns => ns!.IsTerminating, "the namespace is on its way out");

        _world.Clock.Jump(2 * s_minute);
        var status = await Eventually.Holds(
            async () =>
            {
                await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None);
                return (await _world.EnvironmentAsync(_id)).Status;
            },
            seen => seen.Message.Contains("example.com/forgotten", StringComparison.Ordinal), "the finalizer is named");

        Assert.Equal(EnvironmentPhase.Deleting, status.Phase);
        await _world.Kube.PatchAsync(foreign.Ref, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, null, CancellationToken.None);
        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);
    }

    [Fact]
    public async Task Delete_ClusterAway_StaysInTheListAndEndsWhenItIsBack()
    {
        await _world.DeleteAsync(_id);
        using (_world.Cluster.Faults.GoAway())
        {
            Assert.IsType<ReconcileResult.Failed>(await _world.Get<StackReconciler>().ReconcileAsync(_id, CancellationToken.None));

            var away = (await _world.EnvironmentAsync(_id)).Status;
            Assert.Equal((EnvironmentPhase.Deleting, HealthStatus.Unknown), (away.Phase, away.Health));
            Assert.Contains("stays in the list", away.Message, StringComparison.Ordinal);
        }

        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);
    }

    [Fact]
    public async Task Delete_ObjectReplacedByAnotherOfTheSameName_IsNotTakenForOurs()
    {
        var service = new ObjectRef("v1", "Service", _ready.Namespace, "gateway");
        var ours = (await _world.Kube.GetAsync(service, CancellationToken.None))!.Uid;
        await _world.Kube.DeleteAsync(service, new DeleteOptions(), CancellationToken.None);
        var foreign = KubeObject.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"gateway"},"spec":{"ports":[{"port":1}]}}""");
        foreign.Root["metadata"]!["namespace"] = _ready.Namespace;
        await _world.Kube.CreateAsync(foreign, CancellationToken.None);
        await _world.DeleteAsync(_id);

        await _world.ReconcileUntilAsync(_id, EnvironmentPhase.Deleted);

        Assert.Contains((await ReportAsync())!.Removed, removed => removed.Uid == ours);
    }

    private async Task<RemovalReport?> ReportAsync() => (await _world.RolloutsAsync(_id))[0].Removal;

    /// <summary>The volumes of the environment's claims, whatever their state.</summary>
    private async Task<IReadOnlyList<string>> VolumesAsync() =>
        [.. (await _world.Kube.ListAsync(new ListQuery("v1", "PersistentVolume"), CancellationToken.None)).Items
            .Where(volume => volume.Text("spec", "claimRef", "namespace") == _ready.Namespace).Select(volume => volume.Name)];
}
