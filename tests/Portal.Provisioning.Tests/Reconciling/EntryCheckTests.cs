using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>Ready comes after a request that went all the way: when the rollout asks, and what a refusal makes of it.</summary>
public sealed class EntryCheckTests : IAsyncLifetime
{
    private ReconcileWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ReconcileWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Rollout_AsksWhenTheEdgesAreReady_FailsWithTheCheckAndAsksAgain()
    {
        var slow = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.NeverReady, NamePrefix: "edge-jakarta"));
        var refused = _world.Cluster.Faults.Add(new WorkloadFault(WorkloadFaultKind.CrashLoop, NamePrefix: "edge-check"));
        var id = await _world.ApprovedAsync();

        // Old pods or none would answer now: nobody is asked yet, and the edges' own trouble is what is told.
        var waiting = await EdgesAsync(id, edges => edges.Health == HealthStatus.Progressing && edges.Message.Contains("Deployment/edge-jakarta", StringComparison.Ordinal), "the edges wait");
        Assert.DoesNotContain("edge-check", waiting.Message, StringComparison.Ordinal);
        Assert.Empty(await ChecksAsync(id));

        slow.Dispose();
        await EdgesAsync(id, edges => edges.Health == HealthStatus.Degraded, "the check fails");
        _world.Clock.Jump(TimeSpan.FromMinutes(3));
        var stuck = await SeenAsync(id, status => status.Phase == EnvironmentPhase.Stuck, "stuck");
        Assert.Contains("The job failed: ", stuck.Message, StringComparison.Ordinal);
        var failed = Assert.Single(await ChecksAsync(id));

        Assert.True((await _world.Get<RetryRolloutCommand>().ExecuteAsync(_world.Member, id, CancellationToken.None)).IsSuccess);
        await Eventually.Holds(() => LookedAsync(id), checks => checks.Count == 1 && checks[0] != failed, "another one");
        await EdgesAsync(id, edges => edges.Health == HealthStatus.Degraded, "it fails as well");

        // Nobody does anything, and what was in the way is gone.
        refused.Dispose();
        _world.Clock.Jump(TimeSpan.FromMinutes(3));
        await SeenAsync(id, status => status.Phase == EnvironmentPhase.Ready, "ready");
        Assert.Equal([RolloutOutcome.Failed, RolloutOutcome.Succeeded], (await _world.RolloutsAsync(id)).OrderBy(rollout => rollout.Id).Select(rollout => rollout.Outcome));
    }

    private async Task<IReadOnlyList<string?>> LookedAsync(EnvironmentId id)
    {
        await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
        return await ChecksAsync(id);
    }

    private async Task<IReadOnlyList<string?>> ChecksAsync(EnvironmentId id) =>
        [.. (await _world.LiveAsync(await _world.EnvironmentAsync(id))).OfKind("Job").Where(job => job.Label(Labels.Role) == Roles.Check).Select(job => job.Uid)];

    private async Task<ComponentStatus> EdgesAsync(EnvironmentId id, Func<ComponentStatus, bool> holds, string what)
    {
        var status = await SeenAsync(id, seen => seen.Components.Any(component => component.Component == Component.Edge && holds(component)), what);
        return status.Components.Single(component => component.Component == Component.Edge);
    }

    private Task<EnvironmentStatus> SeenAsync(EnvironmentId id, Func<EnvironmentStatus, bool> holds, string what) => Eventually.Holds(
        async () =>
        {
            await _world.Get<StackReconciler>().ReconcileAsync(id, CancellationToken.None);
            return (await _world.EnvironmentAsync(id)).Status;
        },
        holds, what, every: ReconcileWorld.Pace);
}
