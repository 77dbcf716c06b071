using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Reconciling;

/// <summary>Says when a rollout has failed: a component missed its deadline, or its new pods fail in a way that waiting does not help. Pure.</summary>
internal static class RolloutJudgement
{
    /// <summary>How long a failure that looks lasting is watched before it counts: programs do crash once while what they need starts.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static DateTimeOffset Deadline(RolloutStep step, RolloutSpec rules) => step.StartedAt + TimeSpan.FromMinutes(rules.DeadlineMinutes);

    /// <param name="lasting">The components whose trouble is of a kind that does not pass.</param>
    /// <returns>Why it failed, in a sentence with the cause and the next step; null while there is hope.</returns>
    public static string? Failure(
        Rollout rollout, RolloutSpec rules, IReadOnlyList<ComponentStatus> components, IReadOnlySet<Component> lasting, DateTimeOffset now)
    {
        if (rollout.Outcome != RolloutOutcome.Running)
        {
            return null;
        }

        var open = rollout.Steps.Where(step => step.SettledAt is null).Select(step => step.Component).ToHashSet();
        var late = rollout.Steps.Where(step => step.SettledAt is null && now >= Deadline(step, rules)).Select(step => step.Component).ToHashSet();
        var failed = components.FirstOrDefault(status => open.Contains(status.Component) && lasting.Contains(status.Component) && now - status.Since >= Patience)
            ?? components.Where(status => late.Contains(status.Component)).MaxBy(status => status.Health == HealthStatus.Degraded);
        return failed is null ? null
            : late.Contains(failed.Component) ? $"{failed.Component.Title()} missed its deadline of {rules.DeadlineMinutes} minutes. {Sentence(failed)}"
            : $"{failed.Component.Title()} fails. {Sentence(failed)}";
    }

    /// <summary>The cause, and what to do about it.</summary>
    public static string Sentence(ComponentStatus status) => status.NextStep is { } step ? $"{status.Message} {step}" : status.Message;
}
