using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the pods of a ReplicaSet at their number.</summary>
internal sealed class ReplicaSetController(ControlContext cluster) : Controller(cluster)
{
    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.ReplicaSet, Kinds.Pod];

    public override void Observe(Change change) => LookAtSelfOrOwner(change, Kinds.ReplicaSet);

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } set)
        {
            return;
        }

        var spec = set.View.At("spec") as JsonObject ?? [];
        var wanted = (int)(spec.Number("replicas") ?? 1);
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        for (var i = pods.Count; i < wanted; i++)
        {
            var name = $"{set.Name}-{ObjectWriter.RandomSuffix(5)}";
            var pod = Cluster.Writer.CreateTrusted(Kinds.Pod, PodFactory.Make(set, name));
            Cluster.Events.Normal(set, "replicaset-controller", "SuccessfulCreate", $"Created pod: {pod.Name}");
        }

        // What is not ready goes first, then the youngest.
        foreach (var pod in pods.OrderBy(PodState.IsReady).ThenByDescending(pod => pod.Version).Take(Math.Max(0, pods.Count - wanted)).ToList())
        {
            Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Background);
            Cluster.Events.Normal(set, "replicaset-controller", "SuccessfulDelete", $"Deleted pod: {pod.Name}");
        }

        Report(set, spec.Number("minReadySeconds") ?? 0);
    }

    private void Report(StoredObject set, long minReadySeconds)
    {
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        var now = Cluster.Time.GetUtcNow();
        var waits = pods.Select(pod => PodState.UntilAvailable(pod, minReadySeconds, now)).ToList();
        var generation = set.View.Generation;
        Cluster.Writer.Modify(set.Key, root =>
        {
            var status = root.Section("status");
            status["replicas"] = pods.Count;
            status["fullyLabeledReplicas"] = pods.Count;
            status["readyReplicas"] = waits.Count(wait => wait is not null);
            status["availableReplicas"] = waits.Count(wait => wait == TimeSpan.Zero);
            status["observedGeneration"] = generation;
            return true;
        });
        if (waits.Where(wait => wait > TimeSpan.Zero).DefaultIfEmpty().Min() is { } next)
        {
            LookAfter(set.Key, next);
        }
    }
}
