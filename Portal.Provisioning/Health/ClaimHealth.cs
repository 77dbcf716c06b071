using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class ClaimHealth
{
    // What a resize or a change of class that failed leaves behind, one for each side that may fail.
    private static readonly string[] s_failures = ["ControllerResizeError", "NodeResizeError", "ModifyVolumeError"];

    public static HealthReport Assess(KubeObject live)
    {
        if (s_failures.Select(live.Condition).FirstOrDefault(condition => condition.Is("True")) is { } failed)
        {
            return CannotGrow(failed.Words());
        }

        if (IsGrowing(live))
        {
            return HealthReport.Progressing($"The volume is growing from {live.Text("status", "capacity", "storage")} to {Asked(live)}.");
        }

        return live.Text("status", "phase") switch
        {
            "Bound" => HealthReport.Healthy($"Bound to a volume of {live.Text("status", "capacity", "storage") ?? Asked(live)}."),
            "Lost" => HealthReport.Degraded(
                HealthCause.Volume, $"Its volume {live.Text("spec", "volumeName")} is gone, and the data with it.", "Restore the data from a backup into a new claim."),

            "Pending" or null when live.Annotation(Labels.BoundOnUse) is not null =>
                HealthReport.Healthy($"A volume of {Asked(live)} is made when the first Job uses it."),

            // Whether the class waits for a pod stands in the class and not here, so both possibilities are named.
            "Pending" or null => HealthReport.Progressing($"Waiting for a volume of {Asked(live)}; some storage classes make one only when a pod uses the claim."),
            var phase => new HealthReport(HealthStatus.Unknown, $"The claim is in the unknown phase {phase}."),
        };
    }

    public static bool IsGrowing(KubeObject live) => live.Condition("FileSystemResizePending").Is("True") || live.Condition("Resizing").Is("True");

    public static HealthReport CannotGrow(string words) =>
        HealthReport.Degraded(HealthCause.Volume, $"The volume cannot grow: {words}.") with { PodsMayRun = true };

    private static string? Asked(KubeObject live) => live.Text("spec", "resources", "requests", "storage");
}
