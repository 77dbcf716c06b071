using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>
/// The process is killed after every single write of a full rollout and of a full deletion, one position after the other, and another one goes on
/// that knows nothing but what is in the cluster and the database. Each must end Ready without orphans, and gone without remains.
/// </summary>
public abstract class KillTests : IAsyncLifetime
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(21);

    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Until a rollout and a deletion both come to their end without meeting the position.</summary>
    protected async Task KillAfterEveryOtherWriteAsync(int first)
    {
        var positions = 0;
        for (var write = first; ; write += 2)
        {
            var id = await _world.ApprovedAsync($"at-{write}");
            var metInRollout = await KillAtAsync(id, write);
            var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, _world.NewReconciler());
            Assert.Empty(await Orphans.FindAsync(_world, ready));

            await _world.DeleteAsync(id);
            var metInDeletion = await KillAtAsync(id, write);
            var deleted = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, _world.NewReconciler());
            Assert.Empty(await _world.ObjectsAsync(deleted));
            Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, deleted.Namespace), CancellationToken.None));
            if (!metInRollout && !metInDeletion)
            {
                break;
            }

            positions++;
        }

        Assert.True(positions > 60, $"Only {positions} positions were met: the writes are not seen.");
    }

    /// <summary>Activates until the process dies at its n-th write, or has nothing to write any more.</summary>
    private async Task<bool> KillAtAsync(EnvironmentId id, int write)
    {
        using var mortality = new Mortality(write);
        using var watch = _world.Cluster.Faults.ObserveWrites(seen =>
        {
            if (seen is { Stage: WriteStage.Done, DryRun: false })
            {
                mortality.Count();
            }

            return Task.CompletedTask;
        });
        var reconciler = _world.NewReconciler(new MortalStore(_world.Get<IReconcileStore>(), mortality));
        try
        {
            await Eventually.Holds(
                async () =>
                {
                    await reconciler.ReconcileAsync(id, mortality.Killed);
                    return (await _world.EnvironmentAsync(id)).Status.Phase;
                },
                phase => phase is EnvironmentPhase.Ready or EnvironmentPhase.Deleted, "Ready or Deleted", every: ReconcileWorld.Pace);
            return false;
        }
        catch (OperationCanceledException) when (mortality.IsDead)
        {
            // Its lease is nobody's to release.
            _world.Clock.Jump(s_lease);
            return true;
        }
    }
}

public sealed class KillTestsAtOddWrites : KillTests
{
    [Fact]
    public Task Reconcile_KilledAfterEveryOddWrite_EndsReadyAndThenGone() => KillAfterEveryOtherWriteAsync(1);
}

public sealed class KillTestsAtEvenWrites : KillTests
{
    [Fact]
    public Task Reconcile_KilledAfterEveryEvenWrite_EndsReadyAndThenGone() => KillAfterEveryOtherWriteAsync(2);
}
