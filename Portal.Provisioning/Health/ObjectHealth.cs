using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>Says how a live object is doing, from the object alone: no clock, no second object, no call.</summary>
/// <remarks>
/// The rules in order: an object on its way out is Progressing; so is one whose controller has not looked at its last change
/// yet (its status speaks of the past); then its kind decides; a kind without rules goes by its Stalled and Ready conditions;
/// anything else is Healthy because it exists. Degraded means that waiting alone will hardly help.
/// </remarks>
public static class ObjectHealth
{
    public static HealthReport Assess(KubeObject live)
    {
        if (live.Kind != "Namespace" && live.IsTerminating)
        {
            return Terminating(live);
        }

        if (IsStale(live))
        {
            return HealthReport.Progressing("The cluster has not acted on the last change yet.");
        }

        return (live.Group(), live.Kind) switch
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
            ("autoscaling", "HorizontalPodAutoscaler") => AutoscalerHealth.Assess(live),
            ("policy", "PodDisruptionBudget") => DisruptionBudgetHealth.Assess(live),
            ("", "Namespace") => NamespaceHealth.Assess(live),
            _ => ConditionHealth.Assess(live),
        };
    }

    private static HealthReport Terminating(KubeObject live)
    {
        var finalizers = string.Join(", ", live.Texts("metadata", "finalizers"));
        return HealthReport.Progressing(finalizers.Length == 0 ? "It is being deleted." : $"It is being deleted; waiting for {finalizers}.");
    }

    // Workload controllers always write observedGeneration, so its absence means that none has looked yet. For other kinds absence means nothing.
    private static bool IsStale(KubeObject live) => live.Number("status", "observedGeneration") is { } seen
        ? seen < live.Generation
        : live.Group() == "apps" && live.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet";
}
