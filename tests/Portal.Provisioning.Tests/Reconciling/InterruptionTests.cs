using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Activations that are broken off anywhere, each continued by a reconciler that knows nothing of the one before.</summary>
public sealed class InterruptionTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Reconcile_BrokenOffAgainAndAgain_EndsReadyAndThenGoneWithoutOrphans(int seed)
    {
        var random = new Random(seed);
        var id = await _world.ApprovedAsync();

        await BreakOffUntilAsync(id, EnvironmentPhase.Ready, random);

        var ready = await _world.EnvironmentAsync(id);
        Assert.Empty(await Orphans.FindAsync(_world, ready));

        await _world.DeleteAsync(id);
        await BreakOffUntilAsync(id, EnvironmentPhase.Deleted, random);
        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, ready.Namespace), CancellationToken.None));
    }

    [Fact]
    public async Task Reconcile_EveryWriteOfARolloutRefusedOnce_EndsReady()
    {
        // Unavailable is retried inside the client three times, so it takes a few refusals in a row to reach the reconciler.
        var id = await _world.ApprovedAsync();
        using var fault = _world.Cluster.Faults.Add(new RequestFault("patch", null, 503, Times: 40));

        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        Assert.Empty(await Orphans.FindAsync(_world, ready));
    }

    [Fact]
    public async Task Reconcile_ClusterRefusesForAWhile_SaysSoAndDoesNotClaimHealth()
    {
        var id = await _world.ApprovedAsync();
        await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);
        using (_world.Cluster.Faults.Add(new RequestFault(null, null, 503)))
        {
            var result = await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);

            Assert.IsType<ReconcileResult.Failed>(result);
            Assert.Equal(HealthStatus.Unknown, (await _world.EnvironmentAsync(id)).Status.Health);
        }

        await Eventually.Holds(
            () => _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready), environment => environment.Status.Health == HealthStatus.Healthy, "healthy again");
    }

    /// <summary>Each activation gets a moment that may end in the middle of any write; the last ones run to their end.</summary>
    private async Task BreakOffUntilAsync(EnvironmentId id, EnvironmentPhase phase, Random random)
    {
        for (var activation = 0; activation < 25; activation++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 120)));
            try
            {
                await _world.NewReconciler().ReconcileAsync(id, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // As wanted.
            }
        }

        await _world.ReconcileUntilAsync(id, phase, _world.NewReconciler());
    }
}
