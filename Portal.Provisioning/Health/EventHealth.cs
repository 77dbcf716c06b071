using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Finds in events the cause that an object itself does not tell: a StatefulSet never says why it has no pods.</summary>
/// <remarks>
/// Pure; the clock is not read. Events live for an hour, whatever has happened since, so one counts only while the object is not well
/// and nothing newer contradicts it: a later success, a change of the object, or a container that has started meanwhile.
/// </remarks>
internal static class EventHealth
{
    // "create Pod x in StatefulSet x failed error: pods …", "Error creating: pods …".
    private static readonly string[] s_leads = ["failed error: ", "Error creating: "];

    public static HealthReport Explain(KubeObject live, HealthReport report, EventBook events)
    {
        if (report.IsSettled)
        {
            return report;
        }

        return live.Kind switch
        {
            "Pod" => PodEvents.Explain(live, report, events.About(live)),
            "StatefulSet" or "ReplicaSet" or "DaemonSet" or "Job" => Refused(live, report, events.About(live)),
            "PersistentVolumeClaim" => Claim(live, report, events.About(live)),
            "Service" => Balancer(report, events.About(live)),
            _ => report,
        };
    }

    private static HealthReport Refused(KubeObject live, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        if (report.Status == HealthStatus.Degraded || !LacksPods(live))
        {
            return report;
        }

        var last = events.FirstOrDefault(said => said.Reason is "FailedCreate" or "SuccessfulCreate");
        return last is { Reason: "FailedCreate" } && last.Time >= Changed(live) ? Refusal.Of(ServersWords(last.Words)) : report;
    }

    private static bool LacksPods(KubeObject live) => live.Kind switch
    {
        "Job" => live.Count("active") == 0,
        "DaemonSet" => live.Count("currentNumberScheduled") < live.Count("desiredNumberScheduled"),
        _ => live.Count("replicas") < live.Wanted(),
    };

    /// <summary>When somebody last changed what is wanted: refusals from before then were about something else.</summary>
    private static DateTimeOffset Changed(KubeObject live) => live.Items("metadata", "managedFields").Select(entry => new KubeObject(entry))
        .Where(entry => entry.Text("subresource") is null && entry.Text("manager") != "kube-controller-manager")
        .Select(entry => entry.Time("time") ?? default)
        .DefaultIfEmpty()
        .Max();

    private static string ServersWords(string words)
    {
        var start = s_leads
            .Select(lead => (At: words.IndexOf(lead, StringComparison.Ordinal), lead.Length))
            .Where(lead => lead.At >= 0)
            .Select(lead => lead.At + lead.Length)
            .FirstOrDefault();
        return words[start..];
    }

    private static HealthReport Claim(KubeObject live, HealthReport report, IReadOnlyList<ClusterEvent> events)
    {
        if (ClaimHealth.IsGrowing(live))
        {
            var since = live.Condition("Resizing")?.Time("lastTransitionTime") ?? default;
            var growth = events.FirstOrDefault(said => said.Reason is "VolumeResizeFailed" or "FileSystemResizeFailed" or "VolumeResizeSuccessful" or "FileSystemResizeSuccessful");
            return growth is { Reason: "VolumeResizeFailed" or "FileSystemResizeFailed" } && growth.Time >= since ? ClaimHealth.CannotGrow(growth.Words) : report;
        }

        var last = events.FirstOrDefault(said => said.Reason is "ProvisioningFailed" or "FailedBinding" or "ProvisioningSucceeded" or "WaitForFirstConsumer");
        return last?.Reason switch
        {
            "ProvisioningFailed" or "FailedBinding" => HealthReport.Degraded(HealthCause.Volume, $"No volume can be made for it: {last.Words}."),
            "WaitForFirstConsumer" => HealthReport.Progressing("Its volume is made when the first pod uses it."),
            _ => report,
        };
    }

    private static HealthReport Balancer(HealthReport report, IReadOnlyList<ClusterEvent> events) =>
        // The cloud controllers say the one of each pair, controllers that hand out addresses of their own the other.
        events.FirstOrDefault(said => said.Reason is "SyncLoadBalancerFailed" or "EnsuredLoadBalancer" or "AllocationFailed" or "IPAllocated") is { Reason: "SyncLoadBalancerFailed" or "AllocationFailed" } failed
            ? HealthReport.Degraded(HealthCause.Other, $"The load balancer cannot be set up: {failed.Words}.", "Ask the operators of the cluster about its load balancers.")
            : report;
}
