using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class DeploymentHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var wanted = live.Wanted();
        var (updated, available, ready, total) = (live.Count("updatedReplicas"), live.Count("availableReplicas"), live.Count("readyReplicas"), live.Count("replicas"));
        if (live.Flag("spec", "paused") == true)
        {
            return HealthReport.Suspended($"The rollout is paused; {Reading.Ready(ready, wanted)}.");
        }

        if (live.Condition("Progressing") is { } progress && progress.Text("reason") == "ProgressDeadlineExceeded")
        {
            return HealthReport.Degraded($"The rollout did not finish within its deadline; {Reading.Ready(ready, wanted)}.");
        }

        if (live.Condition("ReplicaFailure") is { } failure && failure.Is("True"))
        {
            return HealthReport.Degraded($"Pods cannot be created: {failure.Words()}.");
        }

        if (updated < wanted)
        {
            return HealthReport.Progressing($"{updated} of {Reading.Pods(wanted)} run the new version; waiting for the rest.");
        }

        if (total > updated)
        {
            return HealthReport.Progressing($"Waiting for {Reading.Pods(total - updated)} of the old version to stop.");
        }

        return available < wanted
            ? HealthReport.Progressing($"{Reading.Ready(ready, wanted)}; waiting for {(ready < wanted ? $"{wanted - ready} more" : "them to stay ready")}.")
            : HealthReport.Healthy(wanted == 0 ? "It is scaled to zero." : $"{Reading.Ready(ready, wanted)}.");
    }
}
