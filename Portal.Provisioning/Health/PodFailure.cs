using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Pods that have failed for good: by their node's decision, which has a reason, or by a container that ended badly.</summary>
internal static class PodFailure
{
    public static HealthReport Of(KubeObject live)
    {
        if (live.Text("status", "reason") is { Length: > 0 } reason)
        {
            var words = new KubeObject((JsonObject)live.At("status")!).Words();
            return HealthReport.Degraded(CauseOf(reason), words.Length > 0 ? $"It failed ({reason}): {words}." : $"It failed: {reason}.");
        }

        return live.Containers()
            .Where(container => (container.Number("state", "terminated", "exitCode") ?? 0) != 0)
            .Select(container => HealthReport.Degraded(
                ContainerHealth.CauseOf(container, "state"), $"Container {container.Text("name")} {ContainerHealth.Ended(container, live, "state", "terminated")}.", StepOf(container)))
            .FirstOrDefault() ?? HealthReport.Degraded(HealthCause.Other, "It failed.");
    }

    private static string? StepOf(KubeObject container) => LastWords.Of(container.Text("state", "terminated", "message")).Step;

    private static HealthCause CauseOf(string reason) => reason switch
    {
        "Evicted" or "Preempting" => HealthCause.Eviction,
        "DeadlineExceeded" => HealthCause.Deadline,
        "NodeLost" or "NodeShutdown" or "Shutdown" or "Terminated" or "NodeAffinity" or "UnexpectedAdmissionError" => HealthCause.Node,

        // OutOfcpu, OutOfmemory, OutOfpods: the node filled up between the scheduler's choice and the pod's arrival.
        _ when reason.StartsWith("OutOf", StringComparison.Ordinal) => HealthCause.Node,
        _ => HealthCause.Other,
    };
}
