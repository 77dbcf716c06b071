using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>Saves how far a deletion is: what is left, what holds it up, and in the end the proof.</summary>
internal static class RemovalReporting
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(5);

    public static async Task<ReconcileResult> SaveAsync(
        ReconcileSession session, LiveStack live, ILookup<Component, InventoryEntry> remaining, Dictionary<Component, RolloutStep> steps, int deleted, RemovalReport removal, CancellationToken ct)
    {
        var left = remaining.Sum(group => group.Count());
        var blocker = Blockers.Of(live, session.Now);
        var late = steps.Values.FirstOrDefault(step => step.SettledAt is null && session.Now >= RolloutJudgement.Deadline(step, session.Target.Spec.Rollout));
        var waiting = left > 0
            ? $"Deleting {string.Join(", ", remaining.Select(group => group.Key).Order().Take(3).Select(Components.Title))}: {(left == 1 ? "1 object is" : $"{left} objects are")} left."
            : $"Waiting for namespace {session.Target.Namespace} and its volumes to go.";
        var message = late is null ? $"{waiting} {blocker}".TrimEnd() : $"The deletion missed its deadline of {session.Target.Spec.Rollout.DeadlineMinutes} minutes. {blocker ?? waiting}";
        var components = session.Status.Components
            .Select(status => !remaining.Contains(status.Component) && status.Component != Component.Base
                ? Moved(status, HealthStatus.Missing, "Deleted.", session.Now)
                : Moved(status, HealthStatus.Progressing, "Being deleted.", session.Now))
            .ToList();
        var rollout = session.Rollout with
        {
            Steps = [.. steps.Values.OrderBy(step => step.StartedAt).ThenBy(step => step.Component)],
            Changes = session.Rollout.Changes + new ChangeCount(0, 0, 0, deleted),
            Removal = removal,
        };
        var phase = late is null ? EnvironmentPhase.Deleting : EnvironmentPhase.Stuck;
        var health = late is null && blocker is null ? HealthStatus.Progressing : HealthStatus.Degraded;
        await session.SaveAsync(session.Status with { Phase = phase, Health = health, Message = message, Components = components, Conflicts = [] }, rollout, ct);
        return late is null ? new ReconcileResult.Waiting(message, s_lookAgain) : new ReconcileResult.Stuck(message);
    }

    public static async Task<ReconcileResult> WaitAsync(ReconcileSession session, string message, CancellationToken ct)
    {
        await session.SaveAsync(session.Status with { Phase = EnvironmentPhase.Deleting, Health = HealthStatus.Progressing, Message = message }, session.Rollout, ct);
        return new ReconcileResult.Waiting(message, s_lookAgain);
    }

    public static async Task<ReconcileResult> StuckAsync(ReconcileSession session, string message, CancellationToken ct)
    {
        await session.SaveAsync(session.Status with { Phase = EnvironmentPhase.Stuck, Health = HealthStatus.Degraded, Message = message }, session.Rollout, ct);
        return new ReconcileResult.Stuck(message);
    }

    /// <summary>All objects are gone; the storage behind their claims is still being given back.</summary>
    public static async Task<ReconcileResult> WaitForVolumesAsync(ReconcileSession session, RemovalReport removal, IReadOnlyList<KeptVolume> volumes, CancellationToken ct)
    {
        var names = string.Join(", ", volumes.Take(3).Select(volume => volume.Volume)) + (volumes.Count > 3 ? $" and {volumes.Count - 3} more" : "");
        var since = removal.Removed.Select(removed => removed.GoneAt).DefaultIfEmpty(session.Rollout.StartedAt).Max();
        var isLate = session.Now - since >= TimeSpan.FromMinutes(session.Target.Spec.Rollout.DeadlineMinutes);
        var message = isLate
            ? $"Every object is gone, but the storage does not give back {names}. Look at the volume's events and at the storage provisioner."
            : $"Every object is gone; waiting for the storage to give back {names}.";
        await session.SaveAsync(
            session.Status with { Phase = isLate ? EnvironmentPhase.Stuck : EnvironmentPhase.Deleting, Health = isLate ? HealthStatus.Degraded : HealthStatus.Progressing, Message = message },
            removal.Removed.Count == session.Rollout.Removal!.Removed.Count ? session.Rollout : session.Rollout with { Removal = removal }, ct);
        return isLate ? new ReconcileResult.Stuck(message) : new ReconcileResult.Waiting(message, s_lookAgain);
    }

    /// <summary>The namespace was looked for and is not there, so nothing that lived in it is; nothing of ours is outside of it; and the volumes are as wanted.</summary>
    public static async Task<ReconcileResult> FinishAsync(ReconcileSession session, RemovalReport removal, CancellationToken ct)
    {
        var steps = session.Rollout.Steps.Select(step => step with { SettledAt = step.SettledAt ?? session.Now }).ToList();
        var components = session.Status.Components.Select(status => Moved(status, HealthStatus.Missing, "Deleted.", session.Now)).ToList();
        var kept = removal.Kept.Count switch
        {
            0 => "",
            1 => $" The volume {removal.Kept[0].Volume} stays.",
            var count => $" {count} volumes stay.",
        };
        await session.SaveAsync(
            session.Status with
            {
                Phase = EnvironmentPhase.Deleted,
                Health = HealthStatus.Missing,
                Message = $"Deleted. All {removal.Removed.Count} objects of its inventory and namespace {session.Target.Namespace} are gone from cluster {session.Target.Cluster}.{kept}",
                Components = components,
                Conflicts = [],
            },
            session.Rollout with { Steps = steps, Outcome = RolloutOutcome.Succeeded, FinishedAt = session.Now, Removal = removal with { VerifiedAt = session.Now } },
            ct);
        return new ReconcileResult.Ended();
    }

    private static ComponentStatus Moved(ComponentStatus status, HealthStatus health, string message, DateTimeOffset now) =>
        status.Health == health ? status with { Message = message, NextStep = null, Deadline = null } : new(status.Component, health, message, now);
}
