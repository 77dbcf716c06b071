using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Says how a live object is doing, from the object alone or from it and what the cluster said about it: no clock, no call.</summary>
/// <remarks>
/// The rules in order: an object on its way out is Progressing; so is one whose controller has not looked at its last change
/// yet (its status speaks of the past); then its kind decides; a kind without rules goes by its Stalled and Ready conditions;
/// anything else is Healthy because it exists. Degraded means that waiting alone will hardly help, and always has a cause and a next
/// step; Progressing has them where it is known what may keep it from going on. Events only explain what is not healthy.
/// </remarks>
public static class ObjectHealth
{
    public static HealthReport Assess(KubeObject live) => Assess(live, EventBook.Empty);

    /// <param name="events">The core/v1 events of the object's namespace, in any order.</param>
    public static HealthReport Assess(KubeObject live, IReadOnlyList<KubeObject> events) => Assess(live, EventBook.Of(events));

    internal static HealthReport Assess(KubeObject live, EventBook events)
    {
        if (live.Kind != "Namespace" && live.IsTerminating)
        {
            return Terminating(live);
        }

        if (IsStale(live))
        {
            return HealthReport.Progressing("The cluster has not acted on the last change yet.");
        }

        return EventHealth.Explain(live, OfKind(live), events);
    }

    private static HealthReport OfKind(KubeObject live) =>
        (live.Group(), live.Kind) switch
        {
            ("apps", "Deployment") => DeploymentHealth.Assess(live),
            ("apps", "StatefulSet") => StatefulSetHealth.Assess(live),
            ("apps", "DaemonSet") => DaemonSetHealth.Assess(live),
            ("apps", "ReplicaSet") => ReplicaSetHealth.Assess(live),
            ("", "Pod") => PodHealth.Assess(live),
            ("batch", "Job") => JobHealth.Assess(live),
            ("batch", "CronJob") => CronJobHealth.Assess(live),
            ("", "PersistentVolumeClaim") => ClaimHealth.Assess(live),
            ("", "Service") => ServiceHealth.Assess(live),
            ("networking.k8s.io", "Ingress") => IngressHealth.Assess(live),
            ("gateway.networking.k8s.io", "HTTPRoute") => HttpRouteHealth.Assess(live),
            ("cert-manager.io", "Certificate") => CertificateHealth.Assess(live),
            ("autoscaling", "HorizontalPodAutoscaler") => AutoscalerHealth.Assess(live),
            ("autoscaling.k8s.io", "VerticalPodAutoscaler") => VerticalAutoscalerHealth.Assess(live),
            ("", "ResourceQuota") => QuotaHealth.Assess(live),
            ("policy", "PodDisruptionBudget") => DisruptionBudgetHealth.Assess(live),
            ("", "Namespace") => NamespaceHealth.Assess(live),
            _ => ConditionHealth.Assess(live),
        };

    private static HealthReport Terminating(KubeObject live)
    {
        if (live.Text("status", "reason") == "NodeLost")
        {
            return HealthReport.Waiting(HealthCause.Node, $"It is being deleted, but its node {live.Text("spec", "nodeName")} does not answer.");
        }

        var finalizers = string.Join(", ", live.Texts("metadata", "finalizers"));
        return HealthReport.Progressing(finalizers.Length == 0 ? "It is being deleted." : $"It is being deleted; waiting for {finalizers}.");
    }

    // Workload controllers always write observedGeneration, so its absence means that none has looked yet. For other kinds absence means nothing.
    internal static bool IsStale(KubeObject live) => live.Number("status", "observedGeneration") is { } seen
        ? seen < live.Generation
        : live.Group() == "apps" && live.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet";
}
