namespace Portal.Provisioning.Planning;

/// <summary>The kinds that a blueprint may render, on any cluster: what a deletion looks through.</summary>
internal static class StackKinds
{
    public static IReadOnlyList<(string ApiVersion, string Kind)> All { get; } =
    [
        ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "Service"), ("v1", "ServiceAccount"), ("v1", "ResourceQuota"), ("v1", "LimitRange"),
        ("v1", "PersistentVolumeClaim"),
        ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("batch/v1", "Job"), ("batch/v1", "CronJob"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"), ("policy/v1", "PodDisruptionBudget"),
        ("networking.k8s.io/v1", "NetworkPolicy"), ("networking.k8s.io/v1", "Ingress"),
        ("rbac.authorization.k8s.io/v1", "Role"), ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("scheduling.k8s.io/v1", "PriorityClass"), ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler"),
    ];
}
