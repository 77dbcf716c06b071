using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>A look that follows another one knows what that one left, exactly, and never when anything came in between.</summary>
public sealed class KnownTargetsTests : IAsyncLifetime
{
    private readonly Presence _looks = new();

    private ReconcileWorld _world = null!;
    private StackReconciler _reconciler = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ReconcileWorld.StartAsync();
        _reconciler = Reconciler();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Look_FollowingAnother_KnowsWhatALoadWouldSay()
    {
        var id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, _reconciler);
        await _world.DeleteAsync(id);
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, _reconciler);

        Assert.Contains(_looks.Resumed, look => !look.Known.Deleting);
        Assert.Contains(_looks.Resumed, look => look.Known.Deleting);
        Assert.All(_looks.Resumed, look => Assert.Equivalent(look.Loaded, look.Known, strict: true));
    }

    [Fact]
    public async Task Look_AfterACommand_LoadsTheNewWish()
    {
        var id = await BegunAsync();
        await _world.DeleteAsync(id);

        await LookAsync(id);

        Assert.Empty(_looks.Resumed);
        Assert.Equal(RolloutKind.Delete, (await _world.RolloutsAsync(id))[0].Kind);
        await LookAsync(id);
        Assert.True(Assert.Single(_looks.Resumed).Known.Deleting);
    }

    [Fact]
    public async Task Look_AfterAnotherWorkersTurn_Loads()
    {
        var id = await BegunAsync();
        await _world.NewReconciler().ReconcileAsync(id, CancellationToken.None);

        await LookAsync(id);

        Assert.Empty(_looks.Resumed);
    }

    [Fact]
    public async Task Look_AfterOneThatMetTrouble_Loads()
    {
        var id = await BegunAsync();
        using (_world.Cluster.Faults.Add(new RequestFault(null, null, 503)))
        {
            Assert.IsType<ReconcileResult.Failed>(await LookAsync(id));
        }

        Assert.Single(_looks.Resumed);
        await LookAsync(id);

        Assert.Single(_looks.Resumed);
    }

    [Fact]
    public async Task Look_AtWhatHasSettled_Loads()
    {
        var id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, _reconciler);
        while (await LookAsync(id) is not ReconcileResult.Settled)
        {
            await Task.Yield();
        }

        var before = _looks.Resumed.Count;
        await LookAsync(id);

        Assert.Equal(before, _looks.Resumed.Count);
    }

    [Fact]
    public void Take_OfWhatWasKept_GivesItOnce()
    {
        var targets = new KnownTargets();
        var target = Keep(targets);

        Assert.Same(target, targets.Take(target.Id)?.Target);
        Assert.Null(targets.Take(target.Id));
    }

    [Fact]
    public void Keep_ManyMore_MakesRoomFromTheOldest()
    {
        var targets = new KnownTargets();
        var kept = Enumerable.Range(0, 100).Select(_ => Keep(targets)).ToList();

        Assert.Null(targets.Take(kept[0].Id));
        Assert.NotNull(targets.Take(kept[^1].Id));
        Assert.Equal(63, kept.Count(target => targets.Take(target.Id) is not null));
    }

    private static ReconcileTarget Keep(KnownTargets targets)
    {
        var id = EnvironmentId.New(TimeProvider.System);
        var spec = Presets.Create(Preset.Small, Purpose.Development, "shop.apps.example");
        var target = new ReconcileTarget(id, "payments", "shop", "default", "payments-shop", spec, 1, false, EnvironmentStatus.Requested, [], null, 1);
        targets.Keep(new Lease(id, "a", 1, TimeSpan.FromMinutes(1)), target);
        return target;
    }

    /// <summary>Its first look has ended with more to do.</summary>
    private async Task<EnvironmentId> BegunAsync()
    {
        var id = await _world.ApprovedAsync();
        Assert.IsType<ReconcileResult.Waiting>(await LookAsync(id));
        Assert.Empty(_looks.Resumed);
        return id;
    }

    private Task<ReconcileResult> LookAsync(EnvironmentId id) => _reconciler.ReconcileAsync(id, CancellationToken.None);

    private StackReconciler Reconciler() => _world.NewReconciler(new WatchedStore(_world.Get<IReconcileStore>(), _looks));
}
