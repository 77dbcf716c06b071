using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class JobHealth
{
    // A job is doomed a moment before its last pod has gone and it counts as failed.
    private static readonly string[] s_failures = ["Failed", "FailureTarget"];

    public static HealthReport Assess(KubeObject live)
    {
        var failed = s_failures.Select(live.Condition).FirstOrDefault(condition => condition.Is("True"));
        if (failed is not null)
        {
            return HealthReport.Degraded(
                failed.Text("reason") == "DeadlineExceeded" ? HealthCause.Deadline : HealthCause.Crash, $"The job failed: {failed.Words()}.");
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
