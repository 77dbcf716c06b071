using Portal.Core.Environments;

namespace Portal.Provisioning.Health;

/// <summary>The health of one object with a sentence for people that says why.</summary>
public sealed record HealthReport(HealthStatus Status, string Message);
