using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Pods: what keeps one from running is told in the words of whoever stops it, the scheduler, the kubelet or the registry.</summary>
internal static class PodHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        var containers = live.Items("status", "initContainerStatuses").Concat(live.Items("status", "containerStatuses")).Select(c => new KubeObject(c)).ToList();
        var phase = live.Text("status", "phase");
        if (phase == "Succeeded")
        {
            return HealthReport.Healthy("It ran to its end.");
        }

        if (phase == "Failed")
        {
            return HealthReport.Degraded(Failure(live, containers));
        }

        if (phase == "Unknown")
        {
            return new HealthReport(HealthStatus.Unknown, $"Node {live.Text("spec", "nodeName")} does not answer, so nobody knows how the pod is.");
        }

        // The worst container speaks for the pod: one that cannot start matters more than one that only starts slowly.
        return containers.Select(c => ContainerHealth.Trouble(c, live)).OfType<HealthReport>().FirstOrDefault()
            ?? (phase == "Running" ? Running(live) : Pending(live));
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
            var words = scheduled.Words();
            return scheduled.Text("reason") switch
            {
                // A claim is bound a moment later, and the scheduler looks again by itself.
                "Unschedulable" when words.Contains("PersistentVolumeClaim", StringComparison.Ordinal) =>
                    HealthReport.Progressing($"Waiting for its volume: {words}."),
                "SchedulingGated" => HealthReport.Progressing("It is held back by a scheduling gate."),
                _ => HealthReport.Degraded($"No node can take it: {words}."),
            };
        }

        return HealthReport.Progressing(live.Text("spec", "nodeName") is { } node ? $"It is starting on node {node}." : "It is waiting for a node.");
    }

    private static string Failure(KubeObject live, List<KubeObject> containers)
    {
        if (live.Text("status", "reason") is { Length: > 0 } reason)
        {
            var words = new KubeObject((System.Text.Json.Nodes.JsonObject)live.At("status")!).Words();
            return words.Length > 0 ? $"It failed ({reason}): {words}." : $"It failed: {reason}.";
        }

        return containers.Select(c => (Name: c.Text("name"), End: ContainerHealth.Ended(c, live, "state", "terminated")))
            .Where(c => c.End is not null).Select(c => $"Container {c.Name} {c.End}.").FirstOrDefault() ?? "It failed.";
    }
}
