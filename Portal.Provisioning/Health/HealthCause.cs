namespace Portal.Provisioning.Health;

/// <summary>What kind of trouble keeps an object from being healthy. The words of the case stand in the report's message.</summary>
public enum HealthCause
{
    /// <summary>Nothing is wrong, or it only needs time.</summary>
    None,
    Image,
    Crash,
    Memory,
    Scheduling,
    Volume,
    Quota,
    Webhook,
    Configuration,
    Probe,
    Eviction,
    Deadline,
    Node,
    Other,
}
