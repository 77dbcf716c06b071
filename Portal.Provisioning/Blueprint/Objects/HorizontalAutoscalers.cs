using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Horizontal autoscaling: of several signals the one that wants the most pods decides.</summary>
/// <remarks>Steers by the resources of one container, so that sidecars do not count. Grows at once and shrinks slowly: a wrong shrink costs more than a pod.</remarks>
internal static class HorizontalAutoscalers
{
    /// <summary>Adds an autoscaler where there is something to scale and something to scale by.</summary>
    /// <returns>Whether there is one, which then owns the number of pods.</returns>
    public static bool Add(Workload workload, ScaleSignals signals, string container)
    {
        var scale = signals.Scale;
        if (scale.Min == scale.Max)
        {
            return false;
        }

        var metrics = Metrics(workload, signals, container);
        if (metrics.Count == 0)
        {
            workload.Stack.Note($"{workload.Name} stays at {(scale.Min == 1 ? "1 pod" : $"{scale.Min} pods")} and does not scale up to {scale.Max}: the cluster has no metrics API (metrics.k8s.io) for the autoscaler to read.");
            return false;
        }

        workload.Stack.Add(workload.Component, "autoscaling/v2", "HorizontalPodAutoscaler", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("scaleTargetRef", Json.Map(("apiVersion", "apps/v1"), ("kind", "Deployment"), ("name", workload.Name))),
            ("minReplicas", scale.Min),
            ("maxReplicas", scale.Max),
            ("metrics", metrics),
            ("behavior", Json.Map(
                ("scaleUp", Json.Map(
                    ("stabilizationWindowSeconds", 0),
                    ("selectPolicy", "Max"),
                    ("policies", Json.List(Policy("Percent", 100, 30), Policy("Pods", 4, 30))))),
                ("scaleDown", Json.Map(
                    ("stabilizationWindowSeconds", 300),
                    ("selectPolicy", "Min"),
                    ("policies", Json.List(Policy("Percent", 20, 60))))))))));
        return true;
    }

    private static JsonArray Metrics(Workload workload, ScaleSignals signals, string container)
    {
        var capabilities = workload.Stack.Capabilities;
        var metrics = new JsonArray();
        if (capabilities.HasMetricsApi)
        {
            metrics.Add(Resource(container, "cpu", signals.Scale.TargetCpuPercent));
            if (signals.MemoryPercent is { } memory)
            {
                metrics.Add(Resource(container, "memory", memory));
            }
        }

        var others = new List<string>();
        var missing = new List<string>();
        if (signals is { Metric: { } metric, MetricTarget: { } target })
        {
            Want(metric, capabilities.HasCustomMetrics, "custom metrics (custom.metrics.k8s.io)", OfPods(metric, target));
        }

        if (signals.Outside is { } outside)
        {
            Want(outside.Metric, capabilities.HasExternalMetrics, "external metrics (external.metrics.k8s.io)", OfOutside(outside));
        }

        if (metrics.Count > 0)
        {
            missing.ForEach(workload.Stack.Note);
            if (!capabilities.HasMetricsApi)
            {
                workload.Stack.Note($"{workload.Name} scales by {string.Join(" and ", others)} alone: the cluster has no metrics API (metrics.k8s.io).");
            }
        }

        return metrics;

        void Want(string name, bool isServed, string api, JsonObject rule)
        {
            if (isServed)
            {
                metrics.Add(rule);
                others.Add(name);
            }
            else
            {
                missing.Add($"{workload.Name} does not scale by {name}: the cluster serves no {api}.");
            }
        }
    }

    private static JsonObject Resource(string container, string resource, int percent) => Json.Map(
        ("type", "ContainerResource"),
        ("containerResource", Json.Map(
            ("name", resource),
            ("container", container),
            ("target", Json.Map(("type", "Utilization"), ("averageUtilization", percent))))));

    private static JsonObject OfPods(string metric, int target) => Json.Map(
        ("type", "Pods"),
        ("pods", Json.Map(
            ("metric", Json.Map(("name", metric))),
            ("target", Json.Map(("type", "AverageValue"), ("averageValue", Quantity.Count(target)))))));

    private static JsonObject OfOutside(OutsideMetric outside) => Json.Map(
        ("type", "External"),
        ("external", Json.Map(
            ("metric", Json.Map(("name", outside.Metric), ("selector", Json.Map(("matchLabels", Json.Map((outside.Label, outside.Value))))))),
            ("target", Json.Map(("type", "AverageValue"), ("averageValue", Quantity.Count(outside.Target)))))));

    private static JsonObject Policy(string type, int value, int seconds) =>
        Json.Map(("type", type), ("value", value), ("periodSeconds", seconds));
}
