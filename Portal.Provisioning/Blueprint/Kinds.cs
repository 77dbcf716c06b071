namespace Portal.Provisioning.Blueprint;

/// <summary>The kinds that the blueprint renders, in the order in which they are applied within a wave.</summary>
internal static class Kinds
{
    private static readonly string[] s_order =
    [
        "Namespace", "PriorityClass", "ResourceQuota", "LimitRange", "NetworkPolicy", "ServiceAccount", "Role", "RoleBinding", "Secret", "ConfigMap", "Service",
        "PersistentVolumeClaim", "Certificate", "PodDisruptionBudget", "StatefulSet", "Deployment", "Job", "CronJob", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler",
        "VerticalPodAutoscaler", "PodMonitor", "Probe", "PrometheusRule",
    ];

    private static readonly HashSet<string> s_early = ["PriorityClass", "NetworkPolicy", "ServiceAccount", "Role", "RoleBinding", "Secret", "ConfigMap", "Service"];

    public static IReadOnlyList<string> All => s_order;

    /// <summary>Kinds that run nothing and that others name when they start.</summary>
    public static bool IsEarly(string kind) => s_early.Contains(kind);

    public static bool IsNamespaced(string kind) => kind is not ("Namespace" or "PriorityClass");

    public static int Order(string kind) =>
        Array.IndexOf(s_order, kind) is var place and >= 0 ? place : throw new ArgumentException($"{kind} has no place in the apply order.", nameof(kind));
}
