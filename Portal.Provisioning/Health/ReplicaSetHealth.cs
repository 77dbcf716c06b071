using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

internal static class ReplicaSetHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var (wanted, ready, total) = (live.Wanted(), live.Count("readyReplicas"), live.Count("replicas"));
        if (live.Condition("ReplicaFailure") is { } failure && failure.Is("True"))
        {
            return Refusal.Of(failure.Words());
        }

        if (total > wanted)
        {
            return HealthReport.Progressing($"Waiting for {Reading.Pods(total - wanted)} to stop.");
        }

        return live.Count("availableReplicas") < wanted
            ? HealthReport.Progressing($"{Reading.Ready(ready, wanted)}; waiting for {Math.Max(1, wanted - ready)} more.")
            : HealthReport.Healthy(wanted == 0 ? "It is scaled to zero." : $"{Reading.Ready(ready, wanted)}.");
    }
}
