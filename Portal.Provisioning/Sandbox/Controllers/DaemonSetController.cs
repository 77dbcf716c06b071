using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps one pod of a DaemonSet on every node; on updates the old pods go one by one.</summary>
internal sealed class DaemonSetController(ControlContext cluster) : Controller(cluster)
{
    private static readonly TimeSpan s_refusedRetry = TimeSpan.FromSeconds(10);

    public override Turn Turn => Turn.Sets;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.DaemonSet, Kinds.Pod, Kinds.Node];

    public override void Observe(Change change)
    {
        if (change.Key.Kind != Kinds.Node)
        {
            LookAtSelfOrOwner(change, Kinds.DaemonSet);
        }
        else if (change.Before is null || change.Removed)
        {
            foreach (var set in Cluster.Store.List(Kinds.DaemonSet, null).Items)
            {
                Look(set.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } set)
        {
            return;
        }

        var hash = set.TemplateHash;
        var nodes = Cluster.Store.List(Kinds.Node, null).Items;
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        foreach (var node in nodes.Where(node => !pods.Any(pod => pod.View.Text("spec", "nodeName") == node.Name)))
        {
            var pod = PodFactory.Make(set, $"{set.Name}-{ObjectWriter.RandomSuffix(5)}");
            pod.Section("metadata").Section("labels")[StatefulSetController.RevisionLabel] = hash;
            // The real controller pins by node affinity and lets the scheduler bind; the outcome is the same.
            pod.Section("spec")["nodeName"] = node.Name;
            try
            {
                Cluster.Events.Normal(set, "daemonset-controller", "SuccessfulCreate", $"Created pod: {Cluster.Writer.CreateTrusted(Kinds.Pod, pod).Name}");
            }
            catch (ApiFault refusal)
            {
                Cluster.Events.Warning(set, "daemonset-controller", "FailedCreate", $"Error creating: {refusal.Message}");
                LookAfter(key, s_refusedRetry);
                break;
            }
        }

        var stale = pods.Where(pod => pod.Labels.GetValueOrDefault(StatefulSetController.RevisionLabel) != hash).ToList();
        if (stale.Count > 0 && pods.All(PodState.IsReady) && set.View.Text("spec", "updateStrategy", "type") != "OnDelete")
        {
            Cluster.Deleter.DeleteIfThere(stale[0], DeleteChoice.Background);
        }

        Report(set, hash, nodes.Count);
    }

    private void Report(StoredObject set, string hash, int nodes)
    {
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(PodState.IsActive).ToList();
        var ready = pods.Count(PodState.IsReady);
        var generation = set.View.Generation;
        Cluster.Status.Modify(set.Key, status =>
        {
            status["currentNumberScheduled"] = pods.Count;
            status["desiredNumberScheduled"] = nodes;
            status["numberMisscheduled"] = 0;
            status["numberReady"] = ready;
            status["numberAvailable"] = ready;
            status["numberUnavailable"] = nodes - ready;
            status["updatedNumberScheduled"] = pods.Count(pod => pod.Labels.GetValueOrDefault(StatefulSetController.RevisionLabel) == hash);
            status["observedGeneration"] = generation;
            return true;
        });
    }
}
