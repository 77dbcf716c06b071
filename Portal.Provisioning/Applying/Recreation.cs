using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Which objects may be deleted and made again where a change of them is refused because a field is immutable.</summary>
/// <remarks>Kind by kind, never by default: what holds data or credentials, or is not known here, is never recreated.</remarks>
internal static class Recreation
{
    private static readonly HashSet<string> s_replaceable =
    [
        "ConfigMap", "CronJob", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "LimitRange", "NetworkPolicy", "PodDisruptionBudget",
        "PriorityClass", "ResourceQuota", "Role", "RoleBinding", "Service", "ServiceAccount", "VerticalPodAutoscaler",
    ];

    public static bool IsAllowed(KubeObject live) =>
        s_replaceable.Contains(live.Kind) || (live.Kind == "StatefulSet" && !live.Items("spec", "volumeClaimTemplates").Any());
}
