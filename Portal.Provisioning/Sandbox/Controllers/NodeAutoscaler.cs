using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Plays the cluster autoscaler: pods that fit nowhere bring a node after a while, up to a maximum, and nodes that it brought leave when nothing has run on them for long.</summary>
/// <remarks>Knows one node group, of the nodes that <see cref="SandboxOptions"/> describe. It never empties a node that is in use.</remarks>
internal sealed class NodeAutoscaler(ControlContext cluster) : Controller(cluster)
{
    private const string Component = "cluster-autoscaler";
    private const string Group = "sandbox-pool";

    private static readonly TimeSpan s_scan = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(1);
    private static readonly ObjectKey s_round = new(Kinds.Node, "", "");

    private readonly Dictionary<ObjectKey, NewNode?> _pending = [];
    private readonly Dictionary<string, HashSet<string>> _inUse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _idleSince = new(StringComparer.Ordinal);
    private readonly List<NewNode> _coming = [];

    public override IReadOnlyList<ResourceKind> Watches { get; } = cluster.Options.MaxNodes > cluster.Options.Nodes ? [Kinds.Pod, Kinds.Node] : [];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.Node)
        {
            ObserveNode(change);
            return;
        }

        var node = change.Now.View.Text("spec", "nodeName");
        if (change.Removed || node is not null)
        {
            _pending.Remove(change.Key);
        }
        else if (Conditions.Find(change.Now.View.At("status") as JsonObject, "PodScheduled")?.Text("reason") == "Unschedulable" && _pending.TryAdd(change.Key, null))
        {
            Look(s_round);
        }

        if (node is not null && _inUse.TryGetValue(node, out var pods) && Cluster.Owner(change.Now, Kinds.DaemonSet) is null)
        {
            _ = change.Removed || PodState.IsFinished(change.Now) ? pods.Remove(change.Now.Uid) : pods.Add(change.Now.Uid);
            Idle(node, pods);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        var now = Cluster.Time.GetUtcNow();
        foreach (var ready in _coming.Where(node => node.Due <= now).ToList())
        {
            Arrive(ready);
        }

        foreach (var (pod, _) in _pending.Where(entry => entry.Value is null).ToList())
        {
            Help(pod, now);
        }

        Shrink(now);
        var next = _coming.Select(node => node.Due - now)
            .Concat(_idleSince.Values.Select(since => since + Cluster.Options.NodeIdleDelay - now))
            .Append(_pending.Count > 0 ? s_scan : TimeSpan.MaxValue).Min();
        if (next < TimeSpan.MaxValue)
        {
            LookAfter(s_round, next > TimeSpan.Zero ? next : s_settle);
        }
    }

    private void ObserveNode(Change change)
    {
        if (change.Removed)
        {
            _inUse.Remove(change.Key.Name);
            _idleSince.Remove(change.Key.Name);
        }
        else if (ClusterContent.NumberOf(change.Key.Name) > Cluster.Options.Nodes && _inUse.TryAdd(change.Key.Name, new(StringComparer.Ordinal)))
        {
            Idle(change.Key.Name, _inUse[change.Key.Name]);
        }
    }

    private void Idle(string node, HashSet<string> pods)
    {
        if (pods.Count > 0)
        {
            _idleSince.Remove(node);
        }
        else if (_idleSince.TryAdd(node, Cluster.Time.GetUtcNow()))
        {
            LookAfter(s_round, Cluster.Options.NodeIdleDelay);
        }
    }

    private void Arrive(NewNode node)
    {
        _coming.Remove(node);
        ClusterContent.AddNode(Cluster.Writer, Cluster.Options, node.Number);

        // Whoever still waits after the scheduler had a look at the new node needs another one.
        foreach (var (pod, _) in _pending.Where(entry => entry.Value == node).ToList())
        {
            _pending[pod] = null;
        }

        LookAfter(s_round, s_settle);
    }

    private void Help(ObjectKey key, DateTimeOffset now)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } pod)
        {
            _pending.Remove(key);
            return;
        }

        var load = NodeLoad.OfPod(pod.View.At("spec") as JsonObject);
        var offer = ClusterContent.Offer(Cluster.Options);
        var nodes = Cluster.Store.List(Kinds.Node, null).Items;
        var size = nodes.Count + _coming.Count;
        var obstacle = Obstacle(pod, nodes, offer, load);
        var place = obstacle is null ? _coming.Find(node => offer.Lacks(node.Used, load) is null) : null;
        if (obstacle is null && place is null && size < Cluster.Options.MaxNodes)
        {
            var taken = nodes.Select(node => ClusterContent.NumberOf(node.Name)).Concat(_coming.Select(node => node.Number)).ToHashSet();
            place = new NewNode(Enumerable.Range(1, size + 1).First(number => !taken.Contains(number)), size, now + Cluster.Options.NodeStartDelay);
            _coming.Add(place);
        }

        if (place is null)
        {
            Cluster.Events.Normal(pod, Component, "NotTriggerScaleUp", $"pod didn't trigger scale-up: {obstacle ?? "1 max node group size reached"}");
            return;
        }

        place.Used += load;
        _pending[key] = place;
        Cluster.Events.Normal(pod, Component, "TriggeredScaleUp", string.Create(
            CultureInfo.InvariantCulture, $"pod triggered scale-up: [{{{Group} {place.SizeBefore}->{place.SizeBefore + 1} (max: {Cluster.Options.MaxNodes})}}]"));
    }

    /// <summary>Why another node would not help, in the autoscaler's words.</summary>
    private string? Obstacle(StoredObject pod, IReadOnlyList<StoredObject> nodes, NodeLoad offer, NodeLoad load)
    {
        if (Cluster.Faults.Find(WorkloadFaultKind.Unschedulable, pod.Namespace, pod.Name) is not null)
        {
            return "1 node(s) had untolerated taint {sandbox.portal/fault: }";
        }

        var message = Conditions.Find(pod.View.At("status") as JsonObject, "PodScheduled")?.Text("message") ?? "";
        if (message.Contains("persistentvolumeclaim", StringComparison.OrdinalIgnoreCase))
        {
            return $"1 {message.Split(": ", 2)[^1].Split(". ")[0]}";
        }

        var selector = LabelSelector.FromMap(pod.View.At("spec", "nodeSelector") as JsonObject);
        return !nodes.Any(node => selector.Matches(node.Labels)) ? "1 node(s) didn't match Pod's node affinity/selector"
            : offer.Lacks(default, load) is { } lack ? $"1 {lack}" : null;
    }

    private void Shrink(DateTimeOffset now)
    {
        foreach (var (name, _) in _idleSince.Where(entry => entry.Value + Cluster.Options.NodeIdleDelay <= now).ToList())
        {
            _idleSince.Remove(name);
            if (Cluster.Store.Get(Kinds.Node, "", name) is not { } node)
            {
                continue;
            }

            Cluster.Events.Normal(node, Component, "ScaleDownEmpty", $"Scale-down: removing empty node \"{name}\"");
            Cluster.Deleter.DeleteIfThere(node, DeleteChoice.Background);

            // What a DaemonSet had there goes with it.
            foreach (var pod in Cluster.Store.List(Kinds.Pod, null).Items.Where(pod => pod.View.Text("spec", "nodeName") == name))
            {
                Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Now);
            }
        }
    }

    private sealed class NewNode(int number, int sizeBefore, DateTimeOffset due)
    {
        public int Number { get; } = number;

        public int SizeBefore { get; } = sizeBefore;

        public DateTimeOffset Due { get; } = due;

        public NodeLoad Used { get; set; }
    }
}
