using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>The kinds that a blueprint may render: what a deletion looks through.</summary>
internal static class StackKinds
{
    private static readonly (string ApiVersion, string Kind)[] s_everywhere =
    [
        ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "Service"), ("v1", "ServiceAccount"), ("v1", "ResourceQuota"), ("v1", "LimitRange"),
        ("v1", "PersistentVolumeClaim"),
        ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("batch/v1", "Job"), ("batch/v1", "CronJob"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"), ("policy/v1", "PodDisruptionBudget"),
        ("networking.k8s.io/v1", "NetworkPolicy"), ("networking.k8s.io/v1", "Ingress"),
        ("rbac.authorization.k8s.io/v1", "Role"), ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("scheduling.k8s.io/v1", "PriorityClass"),
    ];

    /// <summary>On one cluster: a kind that it does not serve cannot be there, and asking for it is refused.</summary>
    public static IEnumerable<(string ApiVersion, string Kind)> On(ClusterCapabilities capabilities) =>
    [
        .. s_everywhere,
        .. capabilities.HasVerticalPodAutoscaler ? [("autoscaling.k8s.io/v1", "VerticalPodAutoscaler")] : ((string, string)[])[],
        .. capabilities.HasCertManager ? [("cert-manager.io/v1", "Certificate")] : ((string, string)[])[],
        // Gateways are of environments that earlier versions made.
        .. capabilities.HasGatewayApi ? [("gateway.networking.k8s.io/v1", "Gateway"), ("gateway.networking.k8s.io/v1", "HTTPRoute")] : ((string, string)[])[],
        .. capabilities.HasPrometheusOperator ? [("monitoring.coreos.com/v1", "PodMonitor"), ("monitoring.coreos.com/v1", "Probe"), ("monitoring.coreos.com/v1", "PrometheusRule")] : ((string, string)[])[],
    ];
}
