using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>What the events of a pod add to its status: the scheduler's and the autoscaler's words, mounts, pulls and probes.</summary>
internal static class PodEvents
{
    // Ways of the kubelet: each of them comes after the pod's volumes and network are there.
    private static readonly string[] s_prepared = ["Pulling", "Pulled", "Created", "Started", "BackOff"];

    private static readonly string[] s_mount = ["FailedMount", "FailedAttachVolume", "FailedMapVolume"];
    private static readonly string[] s_sandbox = ["FailedCreatePodSandBox", "NetworkNotReady"];

    public static HealthReport Explain(KubeObject pod, HealthReport report, IReadOnlyList<ClusterEvent> events) => (report.Status, report.Cause) switch
    {
        _ when events.Count == 0 || pod.Text("status", "phase") == "Failed" => report,
        (HealthStatus.Degraded, HealthCause.Image) => Pull(pod, report, events),
        (HealthStatus.Degraded, HealthCause.Crash) => Killed(pod, report, events),
        (HealthStatus.Degraded, HealthCause.Scheduling) => Scheduling(report, events),
        (HealthStatus.Progressing, HealthCause.None) when pod.Text("spec", "nodeName") is null => Unscheduled(report, events),
        (HealthStatus.Progressing, HealthCause.None) => pod.Text("status", "phase") == "Running" ? Probe(pod, report, events) : Preparing(pod, report, events),
        _ => report,
    };

    /// <summary>The status may say only that the kubelet waits before it tries again; the event says what the registry answered.</summary>
    private static HealthReport Pull(KubeObject pod, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        var container = pod.Containers().FirstOrDefault(c => c.Text("state", "waiting", "reason") is "ImagePullBackOff" or "ErrImagePull");
        var words = new KubeObject(container?.At("state", "waiting") as System.Text.Json.Nodes.JsonObject ?? []).Words();
        if (container is null || words.Contains(": ", StringComparison.Ordinal))
        {
            return report;
        }

        var lead = $"Failed to pull image \"{container.Text("image")}\": ";
        return events.FirstOrDefault(said => said.Reason == "Failed" && said.Words.StartsWith(lead, StringComparison.Ordinal)) is { } failed
            ? ImagePull.Failed(container.Text("image"), container.Text("name"), failed.Words[lead.Length..])
            : report;
    }

    /// <summary>A program that the kubelet killed for not answering looks like one that crashed.</summary>
    private static HealthReport Killed(KubeObject pod, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        var ended = pod.Containers().Select(c => c.Time("lastState", "terminated", "startedAt") ?? c.Time("state", "terminated", "startedAt")).Max() ?? default;
        return events.FirstOrDefault(said => said.Time >= ended && said.Reason == "Unhealthy" && (said.Says("Liveness probe") || said.Says("Startup probe"))) is { } failed
            && events.Any(said => said.Time >= ended && said.Reason == "Killing" && said.Says("will be restarted"))
            ? HealthReport.Degraded(HealthCause.Probe, $"{report.Message.TrimEnd('.')}; it is killed because it does not answer: {failed.Words}.") with { PodsMayRun = report.PodsMayRun }
            : report;
    }

    private static HealthReport Scheduling(HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        var last = events.FirstOrDefault(said => said.Reason is "TriggeredScaleUp" or "NotTriggerScaleUp");
        return last?.Reason switch
        {
            "TriggeredScaleUp" => HealthReport.Waiting(HealthCause.Scheduling, $"A node is being added for it. {report.Message}"),
            "NotTriggerScaleUp" => report with { Message = $"{report.Message.TrimEnd('.')}; no node is added: {last.Words}." },
            _ => report,
        };
    }

    private static HealthReport Unscheduled(HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        if (events.FirstOrDefault(said => said.Reason == "FailedScheduling") is not { } failed)
        {
            return report;
        }

        var unschedulable = PodHealth.Unschedulable(failed.Words);
        return unschedulable.Cause == HealthCause.Scheduling ? Scheduling(unschedulable, events) : unschedulable;
    }

    private static HealthReport Preparing(KubeObject pod, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        var troubles = events.TakeWhile(said => !s_prepared.Contains(said.Reason)).Where(said => s_mount.Contains(said.Reason) || s_sandbox.Contains(said.Reason)).ToList();

        // The kubelet sums up what it waits for, and says apart from that why; the why is worth more.
        if ((troubles.Find(said => !said.Says("Unable to attach or mount volumes")) ?? troubles.FirstOrDefault()) is not { } trouble)
        {
            return report;
        }

        var (cause, message) = !s_mount.Contains(trouble.Reason)
            ? (HealthCause.Node, $"The node cannot prepare it: {trouble.Words}.")
            : (NamesWhatIsMissing(trouble) ? HealthCause.Configuration : HealthCause.Volume, $"Its volumes cannot be mounted: {trouble.Words}.");
        var step = MissingSecret.StepFor(pod, trouble.Words);
        // Who makes the Secret can do so only when the namespace is there, which the first rollout makes: it has until the deadline.
        return trouble.IsFrequent ? HealthReport.Degraded(cause, message, step) with { PodsMayRun = step is not null } : HealthReport.Waiting(cause, message, step);
    }

    private static bool NamesWhatIsMissing(ClusterEvent said) =>
        said.Says("not found") && (said.Says("configmap \"") || said.Says("secret \"")) || said.Says("references non-existent");

    private static HealthReport Probe(KubeObject pod, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        var started = pod.Containers().Where(c => c.Flag("ready") != true).Select(c => c.Time("state", "running", "startedAt")).Max() ?? default;
        return events.FirstOrDefault(said => said.Reason == "Unhealthy" && said.Time >= started) is { } failed
            ? HealthReport.Waiting(HealthCause.Probe, $"{report.Message.TrimEnd('.')}: {failed.Words}.")
            : report;
    }
}
