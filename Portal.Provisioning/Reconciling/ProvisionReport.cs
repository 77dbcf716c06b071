using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Reconciling;

/// <summary>Turns what a walk saw into the environment's status, its rollout's record and the next look; a rollout that failed goes the way that the spec chose.</summary>
internal static class ProvisionReport
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(5);

    /// <summary>How long a part of a Ready environment may be on its way: an autoscaler adds a pod, a node hands one over. After that it is trouble.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static async Task<ReconcileResult> SaveAsync(ReconcileSession session, WalkOutcome walk, int pruned, CancellationToken ct)
    {
        var components = Statuses(session, walk);
        var rollout = Advance(session, walk, pruned);
        if (walk.AllSettled)
        {
            return await SettleAsync(session, walk, rollout, components, pruned, ct);
        }

        if (RolloutJudgement.Failure(rollout, session.Target.Spec.Rollout, components, walk.Lasting, session.Now) is { } failure)
        {
            return await FailAsync(session, walk, rollout, components, failure, ct);
        }

        var (message, health) = Trouble(components);
        var phase = rollout.Outcome == RolloutOutcome.Succeeded ? IsCalm(session, components) ? EnvironmentPhase.Ready : EnvironmentPhase.Degraded
            : session.Target.Generation == 1 ? EnvironmentPhase.Provisioning : EnvironmentPhase.Updating;
        await session.SaveAsync(Status(session, phase, health, message, components, walk), Same(rollout, session), ct);
        return new ReconcileResult.Waiting(message, s_lookAgain);
    }

    private static async Task<ReconcileResult> SettleAsync(
        ReconcileSession session, WalkOutcome walk, Rollout rollout, IReadOnlyList<ComponentStatus> components, int pruned, CancellationToken ct)
    {
        var finished = rollout.Outcome == RolloutOutcome.Running ? rollout with { Outcome = RolloutOutcome.Succeeded, FinishedAt = session.Now } : rollout;
        if (SpecFollowUp.Next(session.Target.Spec) is { } next)
        {
            await session.FollowUpAsync(finished, next, SpecFollowUp.Describe(session.Target.Spec), ct);
            return new ReconcileResult.Waiting("Taking the second step of an operation.", TimeSpan.Zero);
        }

        var (phase, health, message) = session.Target.Spec.DayTwo.Paused
            ? (EnvironmentPhase.Paused, HealthStatus.Suspended, "Everything rests; volumes and addresses stay.")
            : (EnvironmentPhase.Ready, HealthStatus.Healthy, Calm(walk));
        await session.SaveAsync(Status(session, phase, health, message, components, walk), Same(finished, session), ct);
        return pruned > 0 ? new ReconcileResult.Waiting("Removing what is no longer wanted.", s_lookAgain) : new ReconcileResult.Settled();
    }

    private static async Task<ReconcileResult> FailAsync(
        ReconcileSession session, WalkOutcome walk, Rollout rollout, IReadOnlyList<ComponentStatus> components, string failure, CancellationToken ct)
    {
        var (target, rules) = (session.Target, session.Target.Spec.Rollout);
        if (target.Generation > 1 && rules.OnFailedUpdate == FailedUpdate.RollBack && await session.RollBackAsync(rollout, failure, ct))
        {
            return new ReconcileResult.Waiting("Returning to the last good generation.", TimeSpan.Zero);
        }

        if (target.Generation == 1 && rules.OnFailedProvision == FailedProvision.TearDown)
        {
            await session.TearDownAsync(rollout, failure, ct);
            return new ReconcileResult.Waiting("Tearing down what was made.", TimeSpan.Zero);
        }

        await session.SaveAsync(Status(session, EnvironmentPhase.Stuck, HealthStatus.Degraded, failure, components, walk), Same(rollout, session), ct);
        return new ReconcileResult.Stuck(failure);
    }

    // A finished rollout is history: a later repair shows in the status, not in its record.
    private static Rollout Advance(ReconcileSession session, WalkOutcome walk, int pruned) => session.Rollout.Outcome == RolloutOutcome.Running
        ? session.Rollout with { Steps = walk.Steps, Changes = session.Rollout.Changes + walk.Applied.Changes + new ChangeCount(0, 0, 0, pruned) }
        : session.Rollout;

    private static EnvironmentStatus Status(
        ReconcileSession session, EnvironmentPhase phase, HealthStatus health, string message, IReadOnlyList<ComponentStatus> components, WalkOutcome walk) =>
        new(phase, health, message, session.Target.Generation, components)
        {
            Conflicts = [.. walk.Applied.Conflicts.OrderBy(conflict => conflict.Component).ThenBy(conflict => conflict.Kind, StringComparer.Ordinal)
                .ThenBy(conflict => conflict.Name, StringComparer.Ordinal).ThenBy(conflict => conflict.Manager, StringComparer.Ordinal)],
        };

    private static (string Message, HealthStatus Health) Trouble(IReadOnlyList<ComponentStatus> components)
    {
        var laggards = components.Where(component => !IsFine(component)).ToList();
        var first = laggards.FirstOrDefault(component => component.Health == HealthStatus.Degraded)
            ?? laggards.FirstOrDefault(component => component.Health == HealthStatus.Progressing)
            ?? laggards[0];
        var others = laggards.Count switch
        {
            1 => "",
            2 => " 1 more component is not healthy yet.",
            _ => $" {laggards.Count - 1} more components are not healthy yet.",
        };
        return ($"{first.Component.Title()}: {RolloutJudgement.Sentence(first)}{others}",
            laggards.Exists(component => component.Health == HealthStatus.Degraded) ? HealthStatus.Degraded : HealthStatus.Progressing);
    }

    private static string Calm(WalkOutcome walk) => walk.Applied.Conflicts.Where(conflict => conflict.Choice is null).Select(conflict => (conflict.Kind, conflict.Name)).Distinct().Count() switch
    {
        0 => "Everything is healthy.",
        1 => "Everything is healthy. Someone else has changed 1 object: choose who keeps the fields.",
        var open => $"Everything is healthy. Someone else has changed {open} objects: choose who keeps the fields.",
    };

    private static bool IsCalm(ReconcileSession session, IReadOnlyList<ComponentStatus> components) => session.Status.Phase == EnvironmentPhase.Ready
        && components.Where(component => !IsFine(component)).All(component => component.Health == HealthStatus.Progressing && session.Now - component.Since < s_patience);

    private static bool IsFine(ComponentStatus status) => status.Health is HealthStatus.Healthy or HealthStatus.Suspended;

    /// <summary>The saved rollout when nothing in it changed, so that equal steps do not look like a new record.</summary>
    private static Rollout Same(Rollout rollout, ReconcileSession session) =>
        rollout.Steps.SequenceEqual(session.Rollout.Steps) && rollout with { Steps = session.Rollout.Steps } == session.Rollout ? session.Rollout : rollout;

    private static List<ComponentStatus> Statuses(ReconcileSession session, WalkOutcome walk) =>
        [.. walk.Reports.OrderBy(report => report.Key).Select(report =>
        {
            var before = session.Status.Components.FirstOrDefault(status => status.Component == report.Key);
            var step = walk.Steps.FirstOrDefault(candidate => candidate.Component == report.Key);
            return new ComponentStatus(
                report.Key, report.Value.Status, report.Value.Message,
                before?.Health == report.Value.Status && session.Status.ObservedGeneration == session.Target.Generation ? before.Since : session.Now,
                report.Value.NextStep,
                step is { SettledAt: null } && session.Rollout.Outcome == RolloutOutcome.Running ? RolloutJudgement.Deadline(step, session.Target.Spec.Rollout) : null);
        })];
}
