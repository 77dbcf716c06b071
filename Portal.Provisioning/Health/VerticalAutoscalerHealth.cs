using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>VerticalPodAutoscalers. Ours only advise, so nothing waits for their advice: it needs hours of use to be worth something.</summary>
internal static class VerticalAutoscalerHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("ConfigUnsupported") is { } unsupported && unsupported.Is("True"))
        {
            return HealthReport.Degraded(
                HealthCause.Configuration, $"It cannot advise on its target: {unsupported.Words()}.", "Correct what the autoscaler points at; the pods run without its advice.") with { PodsMayRun = true };
        }

        if (live.Condition("RecommendationProvided").Is("True"))
        {
            return HealthReport.Healthy("It recommends sizes.");
        }

        return HealthReport.Healthy(live.Condition("NoPodsMatched").Is("True")
            ? "It has no recommendation: it finds no pods of its target."
            : "It has no recommendation yet: it has not seen enough use.");
    }
}
