using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class DaemonSetHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var wanted = live.Count("desiredNumberScheduled");
        var (updated, available) = (live.Count("updatedNumberScheduled"), live.Count("numberAvailable"));
        if (live.Text("spec", "updateStrategy", "type") != "OnDelete" && updated < wanted)
        {
            return HealthReport.Progressing($"{updated} of {Reading.Pods(wanted)} run the new version; waiting for the rest.");
        }

        return available < wanted
            ? HealthReport.Progressing($"{Reading.Ready(live.Count("numberReady"), wanted)}, one for each node; waiting for {wanted - available} more.")
            : HealthReport.Healthy(wanted == 0 ? "No node asks for it." : $"{Reading.Ready(available, wanted)}, one for each node.");
    }
}
