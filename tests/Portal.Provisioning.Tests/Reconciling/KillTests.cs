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
public sealed class KillTests
{
    private const int Lanes = 4;
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(21);

    [Fact]
    public async Task Reconcile_KilledAfterEverySingleWrite_EndsReadyAndThenGone()
    {
        var positions = await Task.WhenAll(Enumerable.Range(1, Lanes).Select(first => Task.Run(() => WalkAsync(first))));

        Assert.True(positions.Sum() > 120, $"Only {positions.Sum()} positions were met: the writes are not seen.");
    }

    /// <summary>Every fourth position, until a rollout and a deletion both come to their end without meeting it. A world of its own, for its clock jumps.</summary>
    private static async Task<int> WalkAsync(int first)
    {
        await using var world = await ReconcileWorld.StartAsync();
        for (var (write, positions) = (first, 0); ; write += Lanes, positions++)
        {
            var id = await world.ApprovedAsync($"at-{write}");
            var metInRollout = await KillAtAsync(world, id, write);
            var ready = await world.ReconcileUntilAsync(id, EnvironmentPhase.Ready, world.NewReconciler());
            Assert.Empty(await Orphans.FindAsync(world, ready));

            await world.DeleteAsync(id);
            var metInDeletion = await KillAtAsync(world, id, write);
            var deleted = await world.ReconcileUntilAsync(id, EnvironmentPhase.Deleted, world.NewReconciler());
            Assert.Empty(await world.ObjectsAsync(deleted));
            Assert.Null(await world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, deleted.Namespace), CancellationToken.None));
            if (!metInRollout && !metInDeletion)
            {
                return positions;
            }
        }
    }

    /// <summary>Activates until the process dies at its n-th write, or has nothing to write any more.</summary>
    private static async Task<bool> KillAtAsync(ReconcileWorld world, EnvironmentId id, int write)
    {
        using var mortality = new Mortality(write);
        using var watch = world.Cluster.Faults.ObserveWrites(seen =>
        {
            if (seen is { Stage: WriteStage.Done, DryRun: false })
            {
                mortality.Count();
            }

            return Task.CompletedTask;
        });
        var reconciler = world.NewReconciler(new MortalStore(world.Get<IReconcileStore>(), mortality));
        try
        {
            await Eventually.Holds(
                async () =>
                {
                    await reconciler.ReconcileAsync(id, mortality.Killed);
                    return (await world.EnvironmentAsync(id)).Status.Phase;
                },
                phase => phase is EnvironmentPhase.Ready or EnvironmentPhase.Deleted, "Ready or Deleted", every: ReconcileWorld.Pace);
            return false;
        }
        catch (OperationCanceledException) when (mortality.IsDead)
        {
            // Its lease is nobody's to release.
            world.Clock.Jump(s_lease);
            return true;
        }
    }
}
