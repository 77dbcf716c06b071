using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
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
        Assert.Empty(await OrphansAsync(ready));

        await _world.DeleteAsync(id);
        await BreakOffUntilAsync(id, EnvironmentPhase.Deleted, random);
        Assert.Null(await _world.Kube.GetAsync(new ObjectRef("v1", "Namespace", null, ready.Namespace), CancellationToken.None));
    }

    [Fact]
    public async Task Reconcile_EveryWriteOfARolloutRefusedOnce_EndsReady()
    {
        // Unavailable is retried inside the client three times, so it takes a few refusals in a row to reach the reconciler.
        using var fault = _world.Cluster.Faults.Add(new RequestFault("patch", null, 503, Times: 40));
        var id = await _world.ApprovedAsync();

        var ready = await _world.ReconcileUntilAsync(id, EnvironmentPhase.Ready);

        Assert.Empty(await OrphansAsync(ready));
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

    /// <summary>Objects that carry our label and that the inventory does not know, and entries without their object.</summary>
    private async Task<IReadOnlyList<string>> OrphansAsync(AppEnvironment environment)
    {
        var inventory = await _world.InventoryAsync(environment.Id);
        var live = await _world.LiveAsync(environment);
        var known = inventory.Select(entry => (entry.Kind, entry.Name)).ToHashSet();
        var unknown = live.All
            .Where(item => LiveStack.IsOurs(item, environment.Id) && item.At("metadata", "ownerReferences") is null && !IsOfASet(item) && !known.Contains((item.Kind, item.Name)))
            .Select(item => $"unknown {item.Ref}");
        var absent = inventory.Where(entry => live.Find(entry)?.Uid != entry.Uid).Select(entry => $"absent {entry.Kind}/{entry.Name}");
        return [.. unknown, .. absent];
    }

    // Claims of a StatefulSet are made by its controller and go with the namespace.
    private static bool IsOfASet(KubeObject item) => item.Kind == "PersistentVolumeClaim" && char.IsAsciiDigit(item.Name[^1]);
}
