using Portal.Core.Environments;

namespace Portal.Web.Models;

/// <summary>The components that keep an environment from being well, each with its cause: what somebody has to know in thirty seconds.</summary>
public static class Trouble
{
    /// <summary>First what somebody can do something about, then what is too late, then the worst. A component that is merely on its way is none.</summary>
    public static IReadOnlyList<ComponentStatus> Of(EnvironmentStatus status, DateTimeOffset now) => status.Phase == EnvironmentPhase.Deleted
        ? []
        :
        [
            .. status.Components
                .Where(component => IsTrouble(component, status.Phase, now))
                .OrderByDescending(component => component.NextStep is not null)
                .ThenByDescending(component => MissedDeadline(component, now))
                .ThenByDescending(component => component.Health)
                .ThenBy(component => component.Component),
        ];

    public static bool MissedDeadline(ComponentStatus component, DateTimeOffset now) =>
        component.Deadline < now && component.Health is not (HealthStatus.Healthy or HealthStatus.Suspended);

    // While it is being deleted, a component that is not well is what is wanted.
    private static bool IsTrouble(ComponentStatus component, EnvironmentPhase phase, DateTimeOffset now) =>
        component.NextStep is not null
        || (component.Health is HealthStatus.Degraded or HealthStatus.Unknown && phase != EnvironmentPhase.Deleting)
        || MissedDeadline(component, now);
}
