using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class StatefulSetHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var wanted = live.Wanted();
        var (ready, available, total) = (live.Count("readyReplicas"), live.Number("status", "availableReplicas"), live.Count("replicas"));
        if (ready < wanted)
        {
            return HealthReport.Progressing($"{Reading.Ready(ready, wanted)}; waiting for {Next(live, ready, wanted)}.");
        }

        if (total > wanted)
        {
            return HealthReport.Progressing($"Waiting for {Reading.Pods(total - wanted)} to stop.");
        }

        // With OnDelete, pods change only when somebody deletes them: there is nothing to wait for.
        if (live.Text("spec", "updateStrategy", "type") != "OnDelete" && Outdated(live, wanted) is > 0 and var outdated)
        {
            return HealthReport.Progressing($"{Reading.Pods(outdated)} still to be replaced by the new version.");
        }

        return available < wanted
            ? HealthReport.Progressing($"{Reading.Ready(ready, wanted)}; waiting for them to stay ready.")
            : wanted == 0 ? HealthReport.Suspended("It is scaled to zero.") : HealthReport.Healthy($"{Reading.Ready(ready, wanted)}.");
    }

    private static long Outdated(KubeObject live, long wanted)
    {
        if (live.Text("status", "updateRevision") is not { } update || live.Text("status", "currentRevision") == update)
        {
            return 0;
        }

        // Pods below the partition keep the old version on purpose.
        var partition = live.Number("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
        return Math.Max(0, wanted - partition - live.Count("updatedReplicas"));
    }

    // Ordered start means that the first pod that is not ready is known by name.
    private static string Next(KubeObject live, long ready, long wanted) => live.Text("spec", "podManagementPolicy") == "Parallel"
        ? $"{wanted - ready} more"
        : $"{live.Name}-{(live.Number("spec", "ordinals", "start") ?? 0) + ready}";
}
