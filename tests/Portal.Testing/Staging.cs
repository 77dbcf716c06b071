using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Testing;

/// <summary>Puts an environment into a state that the reconciler would have written, without a cluster.</summary>
/// <remarks>The lease is kept for a day: a reconciler that runs beside the test leaves the environment as it was staged.</remarks>
public static class Staging
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>Keeps every reconciler away from the environment.</summary>
    public static async Task<Lease> HoldAsync(this IReconcileStore store, EnvironmentId id) =>
        await store.TryAcquireAsync(id, "staging", s_day, CancellationToken.None) ?? throw new InvalidOperationException($"A reconciler holds environment {id}; hold it before it is approved.");

    /// <summary>Saves a changed status, and the rollout of the present generation (or of the deletion) as changed.</summary>
    public static async Task<Rollout> StageAsync(
        this IReconcileStore store, EnvironmentId id, DateTimeOffset now, Func<EnvironmentStatus, EnvironmentStatus> status, Func<Rollout, Rollout>? rollout = null)
    {
        var lease = await store.HoldAsync(id);
        var target = await store.LoadAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"Environment {id} is not there to be staged.");
        var kind = target.Deleting ? RolloutKind.Delete : RolloutKind.Apply;
        var running = target.LatestRollout is { } latest && latest.Kind == kind && latest.Generation == target.Generation
            ? latest
            : Rollout.Start(id, target.Generation, kind, now);
        var saved = rollout is null ? running : rollout(running);
        return await store.SaveStatusAsync(lease, target, status(target.Status), saved, null, CancellationToken.None);
    }
}
