namespace Portal.Core.Environments;

/// <summary>How an object, a component or an environment is doing, ordered from best to worst.</summary>
public enum HealthStatus
{
    Healthy,
    Suspended,
    Progressing,
    Degraded,
    Missing,
    Unknown,
}
