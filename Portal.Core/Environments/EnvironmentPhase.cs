namespace Portal.Core.Environments;

/// <summary>Where an environment stands in its life.</summary>
public enum EnvironmentPhase
{
    Requested,
    Provisioning,
    Ready,
    Degraded,
    Updating,
    Paused,
    Stuck,
    Deleting,
    Deleted,
}
