using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Models;

/// <summary>How far a running rollout is: "9 of 15 components healthy", since when, and who is being waited for.</summary>
public sealed record ProvisioningProgress(int Done, int Total, DateTimeOffset? StartedAt, bool Deleting)
{
    public int Percent => Total == 0 ? 0 : 100 * Done / Total;

    /// <summary>Null when nothing is under way.</summary>
    public static ProvisioningProgress? Of(AppEnvironment environment, Rollout? running)
    {
        var rollout = running is { Outcome: RolloutOutcome.Running } ? running : null;
        return environment.Status.Phase switch
        {
            EnvironmentPhase.Provisioning or EnvironmentPhase.Updating => new(
                environment.Status.Components.Count(component => component.Health == HealthStatus.Healthy), Parts.All.Count, rollout?.StartedAt, false),
            EnvironmentPhase.Deleting => new(
                rollout?.Steps.Count(step => step.SettledAt is not null) ?? 0, Parts.All.Count, rollout?.StartedAt ?? environment.DeletionApprovedAt, true),
            _ => null,
        };
    }
}
