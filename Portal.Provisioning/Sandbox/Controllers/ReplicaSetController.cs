using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the pods of a ReplicaSet at their number.</summary>
internal sealed class ReplicaSetController(ControlContext cluster) : Controller(cluster)
{
    private static readonly TimeSpan s_refusedRetry = TimeSpan.FromSeconds(2);

    public override Turn Turn => Turn.Sets;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.ReplicaSet, Kinds.Pod];

    public override void Observe(Change change) => LookAtSelfOrOwner(change, Kinds.ReplicaSet);

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } set)
        {
            return;
        }

        ApiFault? refusal = null;
        var spec = set.View.At("spec") as JsonObject ?? [];
        var wanted = (int)(spec.Number("replicas") ?? 1);
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        for (var i = pods.Count; i < wanted; i++)
        {
            try
            {
                var pod = Cluster.Writer.CreateTrusted(Kinds.Pod, PodFactory.Make(set, $"{set.Name}-{ObjectWriter.RandomSuffix(5)}"));
                Cluster.Events.Normal(set, "replicaset-controller", "SuccessfulCreate", $"Created pod: {pod.Name}");
            }
            catch (ApiFault fault)
            {
                // Said on the set, and tried again later: a quota may have room by then.
                refusal = fault;
                Refused(set, fault);
                break;
            }
        }

        // What is not ready goes first, then the youngest.
        foreach (var pod in pods.OrderBy(PodState.IsReady).ThenByDescending(pod => pod.Version).Take(Math.Max(0, pods.Count - wanted)).ToList())
        {
            Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Background);
            Cluster.Events.Normal(set, "replicaset-controller", "SuccessfulDelete", $"Deleted pod: {pod.Name}");
        }

        Report(set, spec.Number("minReadySeconds") ?? 0, refusal);
    }

    private void Refused(StoredObject set, ApiFault fault)
    {
        // The name of the pod that was not made is new each time; without it the same event is counted up.
        var known = Conditions.Find(set.View.At("status") as JsonObject, "ReplicaFailure") is not null;
        if (!known)
        {
            Cluster.Events.Warning(set, "replicaset-controller", "FailedCreate", $"Error creating: {fault.Message}");
        }

        LookAfter(set.Key, s_refusedRetry);
    }

    private void Report(StoredObject set, long minReadySeconds, ApiFault? refusal)
    {
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        var now = Cluster.Time.GetUtcNow();
        var waits = pods.Select(pod => PodState.UntilAvailable(pod, minReadySeconds, now)).ToList();
        var generation = set.View.Generation;
        Cluster.Status.Modify(set.Key, status =>
        {
            status["replicas"] = pods.Count;
            status["fullyLabeledReplicas"] = pods.Count;
            status["readyReplicas"] = waits.Count(wait => wait is not null);
            status["availableReplicas"] = waits.Count(wait => wait == TimeSpan.Zero);
            status["observedGeneration"] = generation;
            if (refusal is null)
            {
                Conditions.Remove(status, "ReplicaFailure");
            }
            else if (Conditions.Find(status, "ReplicaFailure") is null)
            {
                Conditions.Set(status, "ReplicaFailure", true, Cluster.Now, "FailedCreate", refusal.Message);
            }

            return true;
        });
        if (waits.Where(wait => wait > TimeSpan.Zero).DefaultIfEmpty().Min() is { } next)
        {
            LookAfter(set.Key, next);
        }
    }
}
