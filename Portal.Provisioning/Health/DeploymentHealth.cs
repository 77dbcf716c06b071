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
            // A pause never ends by itself, so a version that is only partly out stays so.
            return updated < wanted || total > updated || available < wanted
                ? HealthReport.Degraded(
                    HealthCause.Other,
                    $"The rollout is paused before it is done: {updated} of {Reading.Pods(wanted)} run the new version; {Reading.Ready(ready, wanted)}.",
                    "Resume the rollout of the Deployment.")
                : HealthReport.Healthy($"{Reading.Ready(ready, wanted)}; its rollout is paused.");
        }

        // Why pods cannot be created says more than that the deadline has passed meanwhile.
        if (live.Condition("ReplicaFailure") is { } failure && failure.Is("True"))
        {
            return Refusal.Of(failure.Words());
        }

        var progress = live.Condition("Progressing");
        if (progress?.Text("reason") == "ReplicaSetCreateError")
        {
            return Refusal.Of(progress.Words());
        }

        if (progress?.Text("reason") == "ProgressDeadlineExceeded")
        {
            return HealthReport.Degraded(HealthCause.Deadline, $"The rollout did not finish within its deadline; {Reading.Ready(ready, wanted)}.");
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
            : wanted == 0 ? HealthReport.Suspended("It is scaled to zero.") : HealthReport.Healthy($"{Reading.Ready(ready, wanted)}.");
    }
}
