using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class CronJobHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var schedule = live.Text("spec", "schedule");
        if (live.Flag("spec", "suspend") == true)
        {
            return HealthReport.Suspended($"The schedule {schedule} is suspended.");
        }

        var running = live.At("status", "active") is JsonArray { Count: > 0 } active ? $"; {active.Count} running now" : "";
        return HealthReport.Healthy(live.Text("status", "lastSuccessfulTime") is { } last
            ? $"It runs on the schedule {schedule}; last success at {last}{running}."
            : $"It runs on the schedule {schedule}{running}.");
    }
}
