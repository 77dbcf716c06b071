using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Deployments with what belongs to each: disruption budget and autoscalers.</summary>
internal static class Deployments
{
    /// <param name="recommended">The container for which a VerticalPodAutoscaler gives recommendations, where the cluster has one; null for none.</param>
    public static void Add(Workload workload, Scale scale, PodPlan pod, string? recommended = null)
    {
        var stack = workload.Stack;
        var isAutoscaled = scale.Min < scale.Max && stack.Capabilities.HasMetricsApi;
        var spread = Spread.PerRevision | (pod.Spread.HasFlag(Spread.Strict) && stack.IsProduction ? Spread.Strict : Spread.Preferred);
        stack.Add(workload.Component, "apps/v1", "Deployment", workload.Name, workload.Labels(), ("spec", Json.Map(
            // An autoscaler owns the number of pods: naming it here would fight.
            ("replicas", isAutoscaled ? null : scale.Min),
            ("revisionHistoryLimit", 5),
            ("progressDeadlineSeconds", 600),
            ("strategy", Json.Map(("type", "RollingUpdate"), ("rollingUpdate", Json.Map(("maxSurge", "25%"), ("maxUnavailable", 0))))),
            ("selector", Json.Map(("matchLabels", workload.Selector()))),
            ("template", (pod with { Spread = pod.Spread == Spread.None ? Spread.None : spread }).Build(workload)))));
        DisruptionBudgets.Add(workload);
        if (isAutoscaled)
        {
            Autoscalers.AddHorizontal(workload, scale, pod.Containers[0].Name);
        }
        else if (scale.Min < scale.Max)
        {
            stack.Note($"{workload.Name} stays at {(scale.Min == 1 ? "1 pod" : $"{scale.Min} pods")} and does not scale up to {scale.Max}: the cluster has no metrics API (metrics.k8s.io) for the autoscaler to read.");
        }

        if (recommended is not null)
        {
            Autoscalers.AddVertical(workload, "Deployment", recommended);
        }
    }
}
