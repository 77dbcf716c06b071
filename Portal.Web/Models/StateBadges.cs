using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Rollouts;

namespace Portal.Web.Models;

/// <summary>State of the domain to the badge that shows it.</summary>
public static class StateBadges
{
    public static Badge Of(EnvironmentPhase phase) => phase switch
    {
        EnvironmentPhase.Requested => new("Requested", Tone.Neutral, Icon.Clock),
        EnvironmentPhase.Provisioning => new("Provisioning", Tone.Busy, Icon.Progress),
        EnvironmentPhase.Ready => new("Ready", Tone.Good, Icon.Check),
        EnvironmentPhase.Degraded => new("Degraded", Tone.Warning, Icon.Warning),
        EnvironmentPhase.Updating => new("Updating", Tone.Busy, Icon.Progress),
        EnvironmentPhase.Paused => new("Paused", Tone.Neutral, Icon.Pause),
        EnvironmentPhase.Stuck => new("Stuck", Tone.Bad, Icon.Warning),
        EnvironmentPhase.Deleting => new("Deleting", Tone.Busy, Icon.Progress),
        EnvironmentPhase.Deleted => new("Deleted", Tone.Neutral, Icon.Trash),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Unknown phase."),
    };

    public static Badge Of(HealthStatus health) => health switch
    {
        HealthStatus.Healthy => new("Healthy", Tone.Good, Icon.Check),
        HealthStatus.Suspended => new("Suspended", Tone.Neutral, Icon.Pause),
        HealthStatus.Progressing => new("Progressing", Tone.Busy, Icon.Progress),
        HealthStatus.Degraded => new("Degraded", Tone.Bad, Icon.Warning),
        HealthStatus.Missing => new("Missing", Tone.Neutral, Icon.Circle),
        HealthStatus.Unknown => new("Unknown", Tone.Warning, Icon.Question),
        _ => throw new ArgumentOutOfRangeException(nameof(health), health, "Unknown health."),
    };

    public static Badge Of(RequestState state) => state switch
    {
        RequestState.Pending => new("Waiting", Tone.Busy, Icon.Clock),
        RequestState.Approved => new("Approved", Tone.Good, Icon.Check),
        RequestState.Rejected => new("Rejected", Tone.Bad, Icon.Cross),
        RequestState.Withdrawn => new("Withdrawn", Tone.Neutral, Icon.Minus),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };

    public static Badge Of(PlanAction action) => action switch
    {
        PlanAction.Create => new("Create", Tone.Good, Icon.Plus),
        PlanAction.Change => new("Change", Tone.Warning, Icon.Change),
        PlanAction.Replace => new("Replace", Tone.Bad, Icon.Progress),
        PlanAction.Delete => new("Delete", Tone.Bad, Icon.Minus),
        PlanAction.Keep => new("Keep", Tone.Neutral, Icon.Keep),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    public static Badge Of(RolloutOutcome outcome) => outcome switch
    {
        RolloutOutcome.Running => new("Running", Tone.Busy, Icon.Progress),
        RolloutOutcome.Succeeded => new("Succeeded", Tone.Good, Icon.Check),
        RolloutOutcome.Superseded => new("Superseded", Tone.Neutral, Icon.Minus),
        RolloutOutcome.Failed => new("Failed", Tone.Bad, Icon.Cross),
        RolloutOutcome.RolledBack => new("Rolled back", Tone.Warning, Icon.Back),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
    };

    public static string Of(RequestKind kind) => kind switch
    {
        RequestKind.Create => "New environment",
        RequestKind.Update => "Change",
        RequestKind.Delete => "Deletion",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };
}
