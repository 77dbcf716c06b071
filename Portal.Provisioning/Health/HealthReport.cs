using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The health of one object with a sentence for people that says why.</summary>
public sealed record HealthReport(HealthStatus Status, string Message)
{
    /// <summary>For an object that should be on the cluster and is not.</summary>
    public static HealthReport Missing(ObjectRef reference) => new(HealthStatus.Missing, $"{reference} does not exist.");

    internal static HealthReport Healthy(string message) => new(HealthStatus.Healthy, message);

    internal static HealthReport Suspended(string message) => new(HealthStatus.Suspended, message);

    internal static HealthReport Progressing(string message) => new(HealthStatus.Progressing, message);

    internal static HealthReport Degraded(string message) => new(HealthStatus.Degraded, message);
}
