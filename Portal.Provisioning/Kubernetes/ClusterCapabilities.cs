namespace Portal.Provisioning.Kubernetes;

/// <summary>What a cluster offers beyond the core API, so that a blueprint renders only kinds that the cluster knows.</summary>
/// <remarks>A snapshot: an add-on that is installed later is seen when the client is asked again.</remarks>
public sealed record ClusterCapabilities
{
    public required ClusterVersion ServerVersion { get; init; }

    /// <summary>metrics.k8s.io: usage of pods and nodes, and what a HorizontalPodAutoscaler needs.</summary>
    public bool HasMetricsApi { get; init; }

    /// <summary>custom.metrics.k8s.io: a HorizontalPodAutoscaler can read metrics that pods report themselves.</summary>
    public bool HasCustomMetrics { get; init; }

    /// <summary>external.metrics.k8s.io: a HorizontalPodAutoscaler can read metrics that are about no object of the cluster. Which ones is the adapter's own.</summary>
    public bool HasExternalMetrics { get; init; }

    public bool HasVerticalPodAutoscaler { get; init; }

    /// <summary>cert-manager.io in version v1: certificates are issued and renewed for whoever asks by a Certificate.</summary>
    public bool HasCertManager { get; init; }

    public bool HasPrometheusOperator { get; init; }

    /// <summary>gateway.networking.k8s.io in version v1; whether somebody acts on it is told by <see cref="GatewayClasses"/>.</summary>
    public bool HasGatewayApi { get; init; }

    public bool HasSnapshotApi { get; init; }

    /// <summary>The class that a claim without a class gets; null when the cluster has none, or does not show its classes.</summary>
    public string? DefaultStorageClass { get; init; }

    /// <summary>The portal may see the storage classes, so that none means that there is none.</summary>
    public bool ShowsStorageClasses { get; init; }

    /// <summary>Certainly no class is the default one: a claim without a class waits for a volume without end.</summary>
    public bool LacksDefaultStorageClass => ShowsStorageClasses && DefaultStorageClass is null;

    public IReadOnlyList<string> StorageClasses { get; init; } = [];

    public IReadOnlyList<string> IngressClasses { get; init; } = [];

    /// <summary>The class that an Ingress without a class gets; null when the cluster has none.</summary>
    public string? DefaultIngressClass { get; init; }

    /// <summary>The gateway classes that a controller has accepted.</summary>
    public IReadOnlyList<string> GatewayClasses { get; init; } = [];

    /// <summary>What its nodes offer; null when the portal may not see them, or there are none yet.</summary>
    public ClusterRoom? Room { get; init; }

    /// <summary>A plain cluster with metrics, one storage class and one ingress class, and no operators: for rendering without a cluster.</summary>
    public static ClusterCapabilities Basic { get; } = new()
    {
        ServerVersion = new ClusterVersion(1, 34, "v1.34.0"),
        HasMetricsApi = true,
        DefaultStorageClass = "standard",
        ShowsStorageClasses = true,
        StorageClasses = ["standard"],
        IngressClasses = ["nginx"],
    };
}
