using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class JobHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("Failed") is { } failed && failed.Is("True"))
        {
            return HealthReport.Degraded($"The job failed: {failed.Words()}.");
        }

        if (live.Condition("Complete").Is("True"))
        {
            return HealthReport.Healthy("The job has finished.");
        }

        if (live.Flag("spec", "suspend") == true)
        {
            return HealthReport.Suspended("The job is suspended.");
        }

        var wanted = live.Number("spec", "completions") ?? 1;
        var tries = live.Count("failed") is > 0 and var lost ? $", after {(lost == 1 ? "1 failed try" : $"{lost} failed tries")}" : "";
        return live.Count("active") > 0
            ? HealthReport.Progressing($"The job is running: {live.Count("succeeded")} of {Reading.Pods(wanted)} finished{tries}.")
            : HealthReport.Progressing($"The job has not started a pod yet{tries}.");
    }
}
