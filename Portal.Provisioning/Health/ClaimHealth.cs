using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class ClaimHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("FileSystemResizePending").Is("True") || live.Condition("Resizing").Is("True"))
        {
            return HealthReport.Progressing($"The volume is growing from {live.Text("status", "capacity", "storage")} to {Asked(live)}.");
        }

        return live.Text("status", "phase") switch
        {
            "Bound" => HealthReport.Healthy($"Bound to a volume of {live.Text("status", "capacity", "storage") ?? Asked(live)}."),
            "Lost" => HealthReport.Degraded($"Its volume {live.Text("spec", "volumeName")} is gone, and the data with it."),

            "Pending" or null when live.Annotation(Labels.BoundOnUse) is not null =>
                HealthReport.Healthy($"A volume of {Asked(live)} is made when the first Job uses it."),

            // Whether the class waits for a pod stands in the class and not here, so both possibilities are named.
            "Pending" or null => HealthReport.Progressing($"Waiting for a volume of {Asked(live)}; some storage classes make one only when a pod uses the claim."),
            var phase => new HealthReport(HealthStatus.Unknown, $"The claim is in the unknown phase {phase}."),
        };
    }

    private static string? Asked(KubeObject live) => live.Text("spec", "resources", "requests", "storage");
}
