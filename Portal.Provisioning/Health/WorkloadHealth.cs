using Portal.Core.Environments;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>How a workload is doing together with its pods: the sentence names who is the witness.</summary>
/// <remarks>
/// The pods of the newest version are nearest to the cause of a rollout that does not get on; pods of older versions that still serve
/// never make it look well. A pod that failed for good is replaced, by a job too until that gives up: it is a reason, not a failure,
/// and counts only while no other pod is there.
/// </remarks>
internal static class WorkloadHealth
{
    public static bool Covers(string kind) => kind is "StatefulSet" or "Deployment" or "DaemonSet" or "Job";

    public static HealthReport Assess(KubeObject workload, Surroundings around)
    {
        var own = ObjectHealth.Assess(workload, around.Events);
        var named = Named($"{workload.Kind}/{workload.Name}", own);
        if (own.Status == HealthStatus.Suspended || workload.IsTerminating || ObjectHealth.IsStale(workload))
        {
            return named;
        }

        var pods = WorkloadPods.Of(workload, around.Pods, around.ReplicaSets);
        var serving = pods.Older.Count(pod => pod.Condition("Ready").Is("True"));
        var witness = Witness(pods.Newest, around);
        return own switch
        {
            // Its status may be behind its pods.
            { Status: HealthStatus.Healthy } => serving > 0 && witness is { Status: HealthStatus.Degraded, PodFailed: false } ? OldServe(witness, serving) : named,
            { Status: HealthStatus.Degraded, Cause: not (HealthCause.Deadline or HealthCause.Crash) } => OldServe(named, serving),
            { Status: HealthStatus.Degraded } => OldServe(witness is null ? named : Because(named, witness), serving),
            _ when witness is { PodFailed: true } => Because(named, witness),
            _ when witness is { Status: HealthStatus.Degraded } => OldServe(witness, serving),

            // A StatefulSet replaces one pod after the other and waits for each, the broken ones of before included: no new version helps.
            _ when workload.Kind == "StatefulSet" && Witness(pods.Older, around) is { Status: HealthStatus.Degraded } old =>
                old with { Message = $"{old.Message} The new version waits for this pod of the old one.", PodsMayRun = true },
            _ => witness ?? named,
        };
    }

    /// <summary>The report of the pod that says most about what is wrong; null when none says anything.</summary>
    private static HealthReport? Witness(IReadOnlyList<KubeObject> pods, Surroundings around)
    {
        var alive = pods.Where(pod => pod.Text("status", "phase") is not ("Failed" or "Succeeded")).ToList();
        return (alive.Count > 0 ? alive : pods.OrderByDescending(pod => pod.Time("metadata", "creationTimestamp")).Take(1))
            .Select(pod => Look(pod, around))
            .Where(report => report.Cause != HealthCause.None)
            .OrderByDescending(report => report.Status)
            .ThenByDescending(report => report.IsLasting)
            .FirstOrDefault();
    }

    private static HealthReport Look(KubeObject pod, Surroundings around)
    {
        var report = ObjectHealth.Assess(pod, around.Events);
        if (report.Cause == HealthCause.Volume && pod.Text("spec", "nodeName") is null)
        {
            var names = pod.Items("spec", "volumes").Select(volume => new KubeObject(volume).Text("persistentVolumeClaim", "claimName")).ToHashSet();
            var claim = around.Claims.Where(claim => names.Contains(claim.Name)).Select(claim => Named($"{claim.Ref}", ObjectHealth.Assess(claim, around.Events)))
                .FirstOrDefault(found => found.Status == HealthStatus.Degraded);
            if (claim is not null)
            {
                return claim;
            }
        }

        return Named($"{pod.Ref}", report);
    }

    private static HealthReport Because(HealthReport what, HealthReport witness) =>
        what with { Message = $"{what.Message} {witness.Message}", Cause = witness.Cause, NextStep = witness.NextStep };

    private static HealthReport OldServe(HealthReport report, int serving) => serving == 0 ? report : report with
    {
        Message = $"The new version does not start: {report.Message.TrimEnd('.')}; {Reading.Pods(serving)} of the old version still {(serving == 1 ? "serves" : "serve")}.",
    };

    private static HealthReport Named(string who, HealthReport report) => report with { Message = $"{who}: {report.Message}" };
}
