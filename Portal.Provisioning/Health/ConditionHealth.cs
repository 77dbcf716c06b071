using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Kinds without rules of their own: custom kinds report by Stalled and Ready conditions, the rest is fine when it exists.</summary>
internal static class ConditionHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("Stalled") is { } stalled && stalled.Is("True"))
        {
            return HealthReport.Degraded(HealthCause.Other, $"It is stuck: {stalled.Words()}.");
        }

        return live.Condition("Ready") is { } ready && !ready.Is("True")
            ? HealthReport.Progressing(ready.Words() is { Length: > 0 } words ? $"It is not ready yet: {words}." : "It is not ready yet.")
            : HealthReport.Healthy("It exists.");
    }
}
