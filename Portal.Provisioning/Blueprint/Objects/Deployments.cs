using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Deployments with what belongs to each: disruption budget and autoscalers.</summary>
internal static class Deployments
{
    public static void Add(Workload workload, Scale scale, PodPlan pod) => Add(workload, new ScaleSignals(scale), pod, minReadySeconds: null, startSeconds: 120);

    /// <summary>One of the application's services; its own container is the first of the pod.</summary>
    /// <param name="scaleBy">What it is scaled by beside what its spec says of its own pods.</param>
    /// <remarks>
    /// A new pod counts once it has been ready for a while: an application that dies on its first requests does not replace one that works.
    /// In development nobody is hurt by that, and people wait for their change.
    /// </remarks>
    public static void AddService(Workload workload, ServiceSpec spec, PodPlan pod, OutsideMetric? scaleBy = null)
    {
        var container = pod.Containers[0].Name;
        Add(workload, ScaleSignals.Of(spec, scaleBy), pod, MinReadySeconds(workload), spec.StartSeconds);
        switch (spec.Vertical)
        {
            case VerticalMode.Off: break;
            case VerticalMode.Recommend: VerticalAutoscalers.Recommend(workload, "Deployment", container); break;
            case VerticalMode.Memory: VerticalAutoscalers.SetMemory(workload, container, spec.Scale, spec.Size); break;
            default: throw new ArgumentOutOfRangeException(nameof(spec), spec.Vertical, "Unknown mode.");
        }
    }

    /// <summary>The canary of a service: like the service, but for its number of pods, which nothing scales.</summary>
    public static void AddCanary(Workload workload, ServiceSpec spec, int pods, PodPlan pod) =>
        Add(workload, new ScaleSignals(new Scale(pods, pods)), pod, MinReadySeconds(workload), spec.StartSeconds);

    private static int? MinReadySeconds(Workload workload) => workload.Stack.Spec.Purpose == Purpose.Development ? null : 5;

    private static void Add(Workload workload, ScaleSignals signals, PodPlan pod, int? minReadySeconds, int startSeconds)
    {
        var stack = workload.Stack;
        var isAutoscaled = HorizontalAutoscalers.Add(workload, signals, pod.Containers[0].Name);
        var spread = Spread.PerRevision | (pod.Spread.HasFlag(Spread.Strict) && stack.IsProduction ? Spread.Strict : Spread.Preferred);
        stack.Add(workload.Component, "apps/v1", "Deployment", workload.Name, workload.Labels(), ("spec", Json.Map(
            // An autoscaler owns the number of pods: naming it here would fight.
            ("replicas", isAutoscaled ? null : signals.Scale.Min),
            ("minReadySeconds", minReadySeconds),
            ("revisionHistoryLimit", 5),
            // Eight minutes for images and nodes, beside the time that a pod may take to start.
            ("progressDeadlineSeconds", 480 + startSeconds),
            ("strategy", Json.Map(("type", "RollingUpdate"), ("rollingUpdate", Json.Map(("maxSurge", "25%"), ("maxUnavailable", 0))))),
            ("selector", Json.Map(("matchLabels", workload.Selector()))),
            ("template", (pod with { Spread = pod.Spread == Spread.None ? Spread.None : spread }).Build(workload)))));
        DisruptionBudgets.Add(workload, isAutoscaled ? signals.Scale.Max : signals.Scale.Min);
    }
}
