using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class DisruptionBudgetHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("DisruptionAllowed") is { } allowed && allowed.Text("reason") == "SyncFailed")
        {
            return HealthReport.Degraded(
                HealthCause.Configuration, $"The budget cannot be computed: {allowed.Words()}.", "Correct what the budget selects; the pods run without it.") with { PodsMayRun = true };
        }

        if (live.Number("status", "observedGeneration") is null)
        {
            return HealthReport.Progressing("The cluster has not counted its pods yet.");
        }

        if (live.Number("status", "expectedPods") == 0)
        {
            return HealthReport.Suspended("It has no pods to guard.");
        }

        var (healthy, needed) = (live.Count("currentHealthy"), live.Count("desiredHealthy"));
        return healthy < needed
            ? HealthReport.Progressing($"{healthy} of the {needed} pods that must stay up are healthy.")
            : HealthReport.Healthy($"{Reading.Pods(live.Count("disruptionsAllowed"))} may be taken down at a time.");
    }
}
