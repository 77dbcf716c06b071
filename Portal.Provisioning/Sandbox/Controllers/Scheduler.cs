using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Puts pods on the node with the most room; pods that fit nowhere wait and say why.</summary>
/// <remarks>Looks at requests, node selectors and claims; affinity, taints and spread constraints do not move a pod here.</remarks>
internal sealed class Scheduler(ControlContext cluster) : Controller(cluster)
{
    // An array inside: every pod that is placed walks all of them.
    private readonly SortedList<string, Place> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, (string Node, NodeLoad Load)> _placed = [];
    private readonly HashSet<ObjectKey> _waiting = [];

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Pod, Kinds.Node, Kinds.PersistentVolumeClaim];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.Node)
        {
            ObserveNode(change);
            Retry();
        }
        else if (change.Key.Kind == Kinds.Pod)
        {
            ObservePod(change);
        }
        else if (_waiting.Count > 0)
        {
            foreach (var pod in _waiting.Where(pod => pod.Namespace == change.Key.Namespace))
            {
                Look(pod);
            }
        }
    }

    public override void FaultsChanged() => Retry();

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } pod || pod.View.Text("spec", "nodeName") is not null)
        {
            _waiting.Remove(key);
            return;
        }

        var load = NodeLoad.OfPod(pod.View.At("spec") as JsonObject);
        var unmade = new List<StoredObject>();
        var why = Obstacle(pod, unmade) ?? TryPlace(pod, load, unmade);
        if (why is not null)
        {
            _waiting.Add(key);
            Refuse(pod, why);
        }
    }

    private void ObserveNode(Change change)
    {
        if (change.Removed)
        {
            _nodes.Remove(change.Key.Name);
            return;
        }

        var used = _nodes.GetValueOrDefault(change.Key.Name)?.Used ?? default;
        _nodes[change.Key.Name] = new Place(change.Now.Labels, NodeLoad.OfNode(change.Now.View.At("status", "allocatable") as JsonObject), used)
        {
            IsCordoned = change.Now.View.Flag("spec", "unschedulable") == true,
        };
    }

    private void ObservePod(Change change)
    {
        var node = change.Now.View.Text("spec", "nodeName");
        if (change.Removed || PodState.IsFinished(change.Now))
        {
            _waiting.Remove(change.Key);
            if (_placed.Remove(change.Now.Id, out var placed))
            {
                Charge(placed.Node, default(NodeLoad) - placed.Load);
                Retry();
            }
        }
        else if (node is not null)
        {
            // A pod that came with its node (DaemonSet, or a client that binds itself) takes room too.
            if (!_placed.ContainsKey(change.Now.Id))
            {
                Take(change.Now, node, NodeLoad.OfPod(change.Now.View.At("spec") as JsonObject));
            }
        }
        else if (change.Before is null)
        {
            Look(change.Key);
        }
    }

    /// <summary>What keeps the pod from every node, in the scheduler's words.</summary>
    /// <param name="unmade">Gets the claims whose volume is made only once the pod has a node.</param>
    private string? Obstacle(StoredObject pod, List<StoredObject> unmade)
    {
        foreach (var name in VolumeBinder.ClaimsOf(pod))
        {
            var claim = Cluster.Store.Get(Kinds.PersistentVolumeClaim, pod.Namespace, name);
            if (claim is null)
            {
                return $"persistentvolumeclaim \"{name}\" not found";
            }

            var bound = claim.View.Text("status", "phase") == "Bound";
            if (!bound && VolumeBinder.WaitsForPod(Cluster.Store, claim))
            {
                unmade.Add(claim);
            }
            else if (!bound)
            {
                return "pod has unbound immediate PersistentVolumeClaims";
            }
        }

        return Cluster.Faults.Find(WorkloadFaultKind.Unschedulable, pod.Namespace, pod.Name) is not null
            ? $"{_nodes.Count} node(s) had untolerated taint {{sandbox.portal/fault: }}"
            : null;
    }

    private string? TryPlace(StoredObject pod, NodeLoad load, List<StoredObject> unmade)
    {
        var selector = LabelSelector.FromMap(pod.View.At("spec", "nodeSelector") as JsonObject);
        (string Name, int Pods)? best = null;
        var reasons = new List<string>();
        foreach (var (name, place) in _nodes)
        {
            if (place.Used.Pods >= best?.Pods)
            {
                continue;
            }

            var reason = place.IsCordoned ? "node(s) were unschedulable" : selector.Matches(place.Labels) ? place.Offers.Lacks(place.Used, load) : "node(s) didn't match Pod's node affinity/selector";
            if (reason is null)
            {
                best = (name, place.Used.Pods);
            }
            else
            {
                reasons.Add(reason);
            }
        }

        if (best?.Name is not { } node)
        {
            var counts = reasons.GroupBy(reason => reason).Select(group => $"{group.Count()} {group.Key}");
            return $"{string.Join(", ", counts)}";
        }

        if (unmade.Count == 0)
        {
            Bind(pod, node, load);
            return null;
        }

        // The pod is bound when its claims are: their change brings it back here.
        _waiting.Add(pod.Key);
        foreach (var claim in unmade)
        {
            Cluster.Writer.Modify(claim.Key, root =>
            {
                root.Section("metadata").Section("annotations").Default(VolumeBinder.SelectedNode, node);
                return true;
            });
        }

        return null;
    }

    private void Bind(StoredObject pod, string node, NodeLoad load)
    {
        _waiting.Remove(pod.Key);
        Take(pod, node, load);
        var now = Cluster.Now;
        var bound = Cluster.Writer.Modify(pod.Key, root =>
        {
            root.Section("spec")["nodeName"] = node;
            Conditions.Set(root.Section("status"), "PodScheduled", true, now);
            return true;
        });
        if (bound is not null)
        {
            Cluster.Events.Normal(bound, "default-scheduler", "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node}");
        }
    }

    private void Refuse(StoredObject pod, string why)
    {
        var message = $"0/{_nodes.Count} nodes are available: {why}. preemption: 0/{_nodes.Count} nodes are available: {Preemption(why)}.";
        var now = Cluster.Now;
        var before = Conditions.Find(pod.View.At("status") as JsonObject, "PodScheduled")?.Text("message");
        if (before == message)
        {
            return;
        }

        var told = Cluster.Status.Modify(pod.Key, status =>
        {
            Conditions.Set(status, "PodScheduled", false, now, "Unschedulable", message);
            return true;
        });
        if (told is not null)
        {
            Cluster.Events.Warning(told, "default-scheduler", "FailedScheduling", message);
        }
    }

    // Pods of low priority are never sent away here; the words are those of a scheduler that found none to send.
    private string Preemption(string why) => why.Contains("Insufficient", StringComparison.Ordinal) || why.Contains("Too many pods", StringComparison.Ordinal)
        ? $"{_nodes.Count} No preemption victims found for incoming pod"
        : $"{_nodes.Count} Preemption is not helpful for scheduling";

    private void Take(StoredObject pod, string node, NodeLoad load)
    {
        _placed[pod.Id] = (node, load);
        Charge(node, load);
    }

    private void Charge(string node, NodeLoad load)
    {
        if (_nodes.TryGetValue(node, out var place))
        {
            place.Used += load;
        }
    }

    private void Retry()
    {
        foreach (var pod in _waiting)
        {
            Look(pod);
        }
    }

    private sealed class Place(IReadOnlyDictionary<string, string> labels, NodeLoad offers, NodeLoad used)
    {
        public IReadOnlyDictionary<string, string> Labels { get; } = labels;

        public NodeLoad Offers { get; } = offers;

        public bool IsCordoned { get; init; }

        public NodeLoad Used { get; set; } = used;
    }
}
