using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Pods: what keeps one from running is told in the words of whoever stops it, the scheduler, the kubelet or the registry.</summary>
internal static class PodHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var phase = live.Text("status", "phase");
        if (phase == "Succeeded")
        {
            return HealthReport.Healthy("It ran to its end.");
        }

        if (phase == "Failed")
        {
            return PodFailure.Of(live) with { PodFailed = true };
        }

        if (phase == "Unknown")
        {
            return new HealthReport(
                HealthStatus.Unknown, $"Node {live.Text("spec", "nodeName")} does not answer, so nobody knows how the pod is.", HealthCause.Node, NextSteps.For(HealthCause.Node));
        }

        // The first container that cannot start speaks for the pod: it matters more than one that only starts slowly.
        return live.Containers().Select(container => ContainerHealth.Trouble(container, live)).OfType<HealthReport>().FirstOrDefault()
            ?? (phase == "Running" ? Running(live) : Pending(live));
    }

    /// <summary>What the scheduler's words mean for a pod that it cannot place.</summary>
    public static HealthReport Unschedulable(string words)
    {
        // A claim is bound a moment later, and the scheduler looks again by itself.
        if (words.Contains("PersistentVolumeClaim", StringComparison.OrdinalIgnoreCase))
        {
            return HealthReport.Waiting(HealthCause.Volume, $"Waiting for its volume: {words}.");
        }

        var volume = words.Contains("volume node affinity conflict", StringComparison.Ordinal) || words.Contains("find available persistent volumes", StringComparison.Ordinal);
        return volume
            ? HealthReport.Degraded(HealthCause.Volume, $"No node can take it: {words}.", "Its volume can be used on some nodes only, and those have no room: ask the operators of the cluster for room there.")
            : HealthReport.Degraded(HealthCause.Scheduling, $"No node can take it: {words}.");
    }

    private static HealthReport Running(KubeObject live)
    {
        var containers = live.Items("status", "containerStatuses").Select(c => new KubeObject(c)).ToList();
        var ready = containers.Count(c => c.Flag("ready") == true);
        if (live.Text("spec", "restartPolicy") is "Never" or "OnFailure")
        {
            return HealthReport.Progressing("It is running; it ends by itself.");
        }

        if (ready == containers.Count && (live.Condition("Ready") is not { } condition || condition.Is("True")))
        {
            return HealthReport.Healthy(containers.Count == 1 ? "It is ready." : $"All {ready} containers are ready.");
        }

        var first = containers.FirstOrDefault(c => c.Flag("ready") != true);
        var waiting = first is null ? live.Condition("Ready").Words() : ContainerHealth.NotReady(first);
        return HealthReport.Progressing($"{ready} of {containers.Count} containers are ready; waiting for {(waiting.Length > 0 ? waiting : "the pod to be marked ready")}.");
    }

    private static HealthReport Pending(KubeObject live)
    {
        if (live.Condition("PodScheduled") is { } scheduled && scheduled.Is("False"))
        {
            return scheduled.Text("reason") == "SchedulingGated"
                ? HealthReport.Progressing("It is held back by a scheduling gate.")
                : Unschedulable(scheduled.Words());
        }

        return HealthReport.Progressing(live.Text("spec", "nodeName") is { } node ? $"It is starting on node {node}." : "It is waiting for a node.");
    }
}
