using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Scales the target of a HorizontalPodAutoscaler by the synthetic usage of its pods, between its minimum and maximum and as slowly as its behavior says.</summary>
internal sealed class AutoscalerController(ControlContext cluster) : Controller(cluster)
{
    private const string Component = "horizontal-pod-autoscaler";

    // The real controller looks every 15 s; the waves here are slow, and many environments share two cores.
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);
    // Many share the time of one loop: they are looked at less often and one after the other, not all at once.
    private const int Few = 100;
    private static readonly TimeSpan s_perScaler = TimeSpan.FromMilliseconds(30);
    private static readonly ObjectKey s_round = new(Kinds.HorizontalPodAutoscaler, "", "");

    private readonly Dictionary<string, ScaleHistory> _histories = new(StringComparer.Ordinal);
    private bool _running;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.HorizontalPodAutoscaler, Kinds.Deployment, Kinds.StatefulSet];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.HorizontalPodAutoscaler)
        {
            if (change.Removed)
            {
                _histories.Remove(change.Now.Uid);
            }

            Look(change.Key);
            StartRounds();
            return;
        }

        foreach (var scaler in Cluster.Store.List(Kinds.HorizontalPodAutoscaler, change.Key.Namespace).Items)
        {
            if (scaler.View.Text("spec", "scaleTargetRef", "name") == change.Key.Name && scaler.View.Text("spec", "scaleTargetRef", "kind") == change.Key.Kind.Kind)
            {
                Look(scaler.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (key == s_round)
        {
            Round();
        }
        else if (Cluster.Store.Get(key) is { IsTerminating: false } scaler)
        {
            Scale(scaler);
        }
    }

    private void StartRounds()
    {
        if (!_running)
        {
            _running = true;
            LookAfter(s_round, s_every);
        }
    }

    private void Round()
    {
        var scalers = Cluster.Store.List(Kinds.HorizontalPodAutoscaler, null).Items;
        var round = s_perScaler * scalers.Count > s_every ? s_perScaler * scalers.Count : s_every;
        for (var i = 0; i < scalers.Count; i++)
        {
            LookAfter(scalers[i].Key, scalers.Count > Few ? round / scalers.Count * i : TimeSpan.Zero);
        }

        LookAfter(s_round, round);
    }

    private void Scale(StoredObject scaler)
    {
        var spec = scaler.View.At("spec") as JsonObject ?? [];
        var reference = spec["scaleTargetRef"] as JsonObject ?? [];
        var kind = Kinds.ByName(reference.Text("apiVersion") ?? "apps/v1", reference.Text("kind") ?? "");
        var target = kind is { HasScale: true } ? Cluster.Store.Get(kind, scaler.Namespace, reference.Text("name") ?? "") : null;
        if (target is null)
        {
            var why = $"the HPA controller was unable to get the target's current scale: {reference.Text("kind")} \"{reference.Text("name")}\" not found";
            Report(scaler, new ScaleOutcome { Problem = ("FailedGetScale", why) });
            return;
        }

        var current = (int)(target.View.Number("spec", "replicas") ?? 1);
        var replicas = (int)(target.View.Number("status", "replicas") ?? 0);
        // Zero means switched off by its owner: the real autoscaler leaves that alone.
        if (current == 0)
        {
            Report(scaler, new ScaleOutcome { Replicas = replicas });
            return;
        }

        var outcome = Decide(scaler, spec, target, current) with { Replicas = replicas };
        if (outcome.Wanted != current)
        {
            Rescale(scaler, target, outcome);
        }

        Report(scaler, outcome);
    }

    private ScaleOutcome Decide(StoredObject scaler, JsonObject spec, StoredObject target, int current)
    {
        var min = (int)(spec.Number("minReplicas") ?? 1);
        var max = Math.Max(min, (int)(spec.Number("maxReplicas") ?? 1));
        var ready = Pods(target).Where(PodState.IsReady).ToList();
        var meter = new UsageMeter(Cluster.Store, Cluster.Options.LoadSwing, Cluster.Time.GetUtcNow());
        var usage = ready.Select(pod => (pod.Name, meter.Of(pod, pod.View.Root))).ToList();
        var advices = spec.Items("metrics").Select(metric => ScaleAdvice.Of(metric, usage, current)).ToList();
        var wanted = advices.Max(advice => advice.Replicas);
        var outcome = new ScaleOutcome { Current = current, Wanted = Math.Clamp(current, min, max), Min = min, Max = max, Advices = advices, Asked = wanted };
        if (wanted is not { } asked || outcome.Wanted != current)
        {
            return outcome;
        }

        if (!_histories.TryGetValue(scaler.Uid, out var history))
        {
            _histories[scaler.Uid] = history = new ScaleHistory();
        }

        var settled = history.Settle(spec.Map("behavior"), current, Math.Clamp(asked, min, max), Cluster.Time.GetUtcNow());
        if (settled != current)
        {
            history.Did(settled - current, Cluster.Time.GetUtcNow());
        }

        return outcome with { Wanted = settled };
    }

    private IEnumerable<StoredObject> Pods(StoredObject target) => target.Kind == Kinds.Deployment
        ? Cluster.Owned(target.Uid, Kinds.ReplicaSet).SelectMany(set => Cluster.Owned(set.Uid, Kinds.Pod))
        : Cluster.Owned(target.Uid, Kinds.Pod);

    private void Rescale(StoredObject scaler, StoredObject target, ScaleOutcome outcome)
    {
        Cluster.Writer.ModifySpec(target.Key, root =>
        {
            root.Section("spec")["replicas"] = outcome.Wanted;
            return true;
        });
        var why = outcome.Current < outcome.Min ? "Current number of replicas below Spec.MinReplicas"
            : outcome.Current > outcome.Max ? "Current number of replicas above Spec.MaxReplicas"
            : outcome.Wanted > outcome.Current ? "resource utilization above target"
            : "All metrics below target";
        Cluster.Events.Normal(scaler, Component, "SuccessfulRescale", $"New size: {outcome.Wanted}; reason: {why}");
    }

    private void Report(StoredObject scaler, ScaleOutcome outcome)
    {
        var now = Cluster.Now;
        Cluster.Status.Modify(scaler.Key, status =>
        {
            outcome.Write(status, now);
            return true;
        });
    }
}
