namespace Portal.Provisioning.Watching;

/// <summary>What is followed on a cluster, and how much of it is kept.</summary>
public sealed record ClusterWatchOptions
{
    public InformerOptions Informer { get; init; } = new();

    /// <summary>The newest events that are kept for each namespace of ours.</summary>
    public int EventsPerNamespace { get; init; } = 200;

    /// <summary>Events of namespaces not known as ours, kept for a moment in case they turn out to be: their first events may arrive before they do.</summary>
    public int EventsOfStrangers { get; init; } = 500;

    public int ReaderCapacity { get; init; } = 1000;

    /// <summary>The kinds besides pods whose changes matter to health and to the reconciler.</summary>
    public IReadOnlyList<(string ApiVersion, string Kind)> Workloads { get; init; } =
    [
        ("v1", "Namespace"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
        ("v1", "PersistentVolumeClaim"),
        ("v1", "Service"),
        ("networking.k8s.io/v1", "Ingress"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("policy/v1", "PodDisruptionBudget"),
    ];
}
