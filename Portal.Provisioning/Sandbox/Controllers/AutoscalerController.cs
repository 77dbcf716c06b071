using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the target of a HorizontalPodAutoscaler between its minimum and maximum; there are no metrics, so it never scales by load.</summary>
internal sealed class AutoscalerController(ControlContext cluster) : Controller(cluster)
{
    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.HorizontalPodAutoscaler, Kinds.Deployment, Kinds.StatefulSet];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.HorizontalPodAutoscaler)
        {
            Look(change.Key);
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
        if (Cluster.Store.Get(key) is not { IsTerminating: false } scaler)
        {
            return;
        }

        var spec = scaler.View.At("spec") as JsonObject ?? [];
        var reference = spec["scaleTargetRef"] as JsonObject ?? [];
        var kind = Kinds.ByName(reference.Text("apiVersion") ?? "apps/v1", reference.Text("kind") ?? "");
        var target = kind is { HasScale: true } ? Cluster.Store.Get(kind, key.Namespace, reference.Text("name") ?? "") : null;
        var (min, max) = (spec.Number("minReplicas") ?? 1, spec.Number("maxReplicas") ?? 1);
        var current = target?.View.Number("spec", "replicas") ?? 1;
        // Zero means switched off by its owner: the real autoscaler leaves that alone.
        var wanted = current == 0 ? 0 : Math.Clamp(current, min, Math.Max(min, max));
        if (target is not null && wanted != current)
        {
            Cluster.Writer.ModifySpec(target.Key, root =>
            {
                root.Section("spec")["replicas"] = wanted;
                return true;
            });
            Cluster.Events.Normal(scaler, "horizontal-pod-autoscaler", "SuccessfulRescale", $"New size: {wanted}; reason: Current number of replicas {(wanted > current ? "below Spec.MinReplicas" : "above Spec.MaxReplicas")}");
        }

        var replicas = target?.View.Number("status", "replicas") ?? 0;
        var now = Cluster.Now;
        Cluster.Writer.Modify(key, root =>
        {
            var status = root.Section("status");
            status["currentReplicas"] = replicas;
            status["desiredReplicas"] = target is null ? 0 : wanted;
            if (target is null)
            {
                Conditions.Set(status, "AbleToScale", false, now, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {reference.Text("kind")} \"{reference.Text("name")}\" not found");
                return true;
            }

            Conditions.Set(status, "AbleToScale", true, now, "ReadyForNewScale", "recommended size matches current size");
            Conditions.Set(status, "ScalingActive", wanted > 0, now, wanted > 0 ? "ValidMetricFound" : "ScalingDisabled", wanted > 0 ? "the sandbox reports no load" : "scaling is disabled since the replica count of the target is zero");
            Conditions.Set(status, "ScalingLimited", wanted == min, now, wanted == min ? "TooFewReplicas" : "DesiredWithinRange", wanted == min ? "the desired replica count is less than the minimum replica count" : "the desired count is within the acceptable range");
            return true;
        });
    }
}
