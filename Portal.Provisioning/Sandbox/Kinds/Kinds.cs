namespace Portal.Provisioning.Sandbox;

/// <summary>Every kind that the sandbox serves, as data; a kind that is not here answers 404 as an unknown one does on a real cluster.</summary>
internal static class Kinds
{
    public static readonly ResourceKind Namespace = new()
    {
        Group = "", Version = "v1", Kind = "Namespace", Plural = "namespaces", SchemaType = "core.v1.Namespace", ShortNames = ["ns"], Subresources = ["status"], Namespaced = false,
    };

    public static readonly ResourceKind Node = new()
    {
        Group = "", Version = "v1", Kind = "Node", Plural = "nodes", SchemaType = "core.v1.Node", ShortNames = ["no"], Subresources = ["status"], Namespaced = false,
    };

    public static readonly ResourceKind Pod = new()
    {
        Group = "", Version = "v1", Kind = "Pod", Plural = "pods", SchemaType = "core.v1.Pod", ShortNames = ["po"], Subresources = ["status", "log", "eviction"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind Service = new()
    {
        Group = "", Version = "v1", Kind = "Service", Plural = "services", SchemaType = "core.v1.Service", ShortNames = ["svc"], Subresources = ["status"], InAll = true,
    };

    public static readonly ResourceKind Endpoints = new()
    {
        Group = "", Version = "v1", Kind = "Endpoints", Plural = "endpoints", SchemaType = "core.v1.Endpoints", ShortNames = ["ep"],
    };

    public static readonly ResourceKind EndpointSlice = new()
    {
        Group = "discovery.k8s.io", Version = "v1", Kind = "EndpointSlice", Plural = "endpointslices", SchemaType = "discovery.v1.EndpointSlice",
    };

    public static readonly ResourceKind ConfigMap = new()
    {
        Group = "", Version = "v1", Kind = "ConfigMap", Plural = "configmaps", SchemaType = "core.v1.ConfigMap", ShortNames = ["cm"],
    };

    public static readonly ResourceKind Secret = new()
    {
        Group = "", Version = "v1", Kind = "Secret", Plural = "secrets", SchemaType = "core.v1.Secret",
    };

    public static readonly ResourceKind ServiceAccount = new()
    {
        Group = "", Version = "v1", Kind = "ServiceAccount", Plural = "serviceaccounts", SchemaType = "core.v1.ServiceAccount", ShortNames = ["sa"],
    };

    public static readonly ResourceKind PersistentVolumeClaim = new()
    {
        Group = "", Version = "v1", Kind = "PersistentVolumeClaim", Plural = "persistentvolumeclaims", SchemaType = "core.v1.PersistentVolumeClaim", ShortNames = ["pvc"], Subresources = ["status"],
    };

    public static readonly ResourceKind PersistentVolume = new()
    {
        Group = "", Version = "v1", Kind = "PersistentVolume", Plural = "persistentvolumes", SchemaType = "core.v1.PersistentVolume", ShortNames = ["pv"], Subresources = ["status"], Namespaced = false,
    };

    public static readonly ResourceKind Event = new()
    {
        Group = "", Version = "v1", Kind = "Event", Plural = "events", SchemaType = "core.v1.Event", ShortNames = ["ev"],
    };

    public static readonly ResourceKind LimitRange = new()
    {
        Group = "", Version = "v1", Kind = "LimitRange", Plural = "limitranges", SchemaType = "core.v1.LimitRange", ShortNames = ["limits"],
    };

    public static readonly ResourceKind ResourceQuota = new()
    {
        Group = "", Version = "v1", Kind = "ResourceQuota", Plural = "resourcequotas", SchemaType = "core.v1.ResourceQuota", ShortNames = ["quota"], Subresources = ["status"],
    };

    public static readonly ResourceKind Deployment = new()
    {
        Group = "apps", Version = "v1", Kind = "Deployment", Plural = "deployments", SchemaType = "apps.v1.Deployment", ShortNames = ["deploy"], Subresources = ["status", "scale"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind ReplicaSet = new()
    {
        Group = "apps", Version = "v1", Kind = "ReplicaSet", Plural = "replicasets", SchemaType = "apps.v1.ReplicaSet", ShortNames = ["rs"], Subresources = ["status", "scale"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind StatefulSet = new()
    {
        Group = "apps", Version = "v1", Kind = "StatefulSet", Plural = "statefulsets", SchemaType = "apps.v1.StatefulSet", ShortNames = ["sts"], Subresources = ["status", "scale"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind DaemonSet = new()
    {
        Group = "apps", Version = "v1", Kind = "DaemonSet", Plural = "daemonsets", SchemaType = "apps.v1.DaemonSet", ShortNames = ["ds"], Subresources = ["status"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind ControllerRevision = new()
    {
        Group = "apps", Version = "v1", Kind = "ControllerRevision", Plural = "controllerrevisions", SchemaType = "apps.v1.ControllerRevision",
    };

    public static readonly ResourceKind Job = new()
    {
        Group = "batch", Version = "v1", Kind = "Job", Plural = "jobs", SchemaType = "batch.v1.Job", Subresources = ["status"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind CronJob = new()
    {
        Group = "batch", Version = "v1", Kind = "CronJob", Plural = "cronjobs", SchemaType = "batch.v1.CronJob", ShortNames = ["cj"], Subresources = ["status"], InAll = true, HasGeneration = true,
    };

    public static readonly ResourceKind HorizontalPodAutoscaler = new()
    {
        Group = "autoscaling", Version = "v2", Kind = "HorizontalPodAutoscaler", Plural = "horizontalpodautoscalers", SchemaType = "autoscaling.v2.HorizontalPodAutoscaler", ShortNames = ["hpa"], Subresources = ["status"], InAll = true,
    };

    public static readonly ResourceKind PodDisruptionBudget = new()
    {
        Group = "policy", Version = "v1", Kind = "PodDisruptionBudget", Plural = "poddisruptionbudgets", SchemaType = "policy.v1.PodDisruptionBudget", ShortNames = ["pdb"], Subresources = ["status"], HasGeneration = true,
    };

    public static readonly ResourceKind NetworkPolicy = new()
    {
        Group = "networking.k8s.io", Version = "v1", Kind = "NetworkPolicy", Plural = "networkpolicies", SchemaType = "networking.v1.NetworkPolicy", ShortNames = ["netpol"], HasGeneration = true,
    };

    public static readonly ResourceKind Ingress = new()
    {
        Group = "networking.k8s.io", Version = "v1", Kind = "Ingress", Plural = "ingresses", SchemaType = "networking.v1.Ingress", ShortNames = ["ing"], Subresources = ["status"], HasGeneration = true,
    };

    public static readonly ResourceKind IngressClass = new()
    {
        Group = "networking.k8s.io", Version = "v1", Kind = "IngressClass", Plural = "ingressclasses", SchemaType = "networking.v1.IngressClass", Namespaced = false, HasGeneration = true,
    };

    public static readonly ResourceKind Role = new()
    {
        Group = "rbac.authorization.k8s.io", Version = "v1", Kind = "Role", Plural = "roles", SchemaType = "rbac.v1.Role",
    };

    public static readonly ResourceKind RoleBinding = new()
    {
        Group = "rbac.authorization.k8s.io", Version = "v1", Kind = "RoleBinding", Plural = "rolebindings", SchemaType = "rbac.v1.RoleBinding",
    };

    public static readonly ResourceKind ClusterRole = new()
    {
        Group = "rbac.authorization.k8s.io", Version = "v1", Kind = "ClusterRole", Plural = "clusterroles", SchemaType = "rbac.v1.ClusterRole", Namespaced = false,
    };

    public static readonly ResourceKind ClusterRoleBinding = new()
    {
        Group = "rbac.authorization.k8s.io", Version = "v1", Kind = "ClusterRoleBinding", Plural = "clusterrolebindings", SchemaType = "rbac.v1.ClusterRoleBinding", Namespaced = false,
    };

    public static readonly ResourceKind StorageClass = new()
    {
        Group = "storage.k8s.io", Version = "v1", Kind = "StorageClass", Plural = "storageclasses", SchemaType = "storage.v1.StorageClass", ShortNames = ["sc"], Namespaced = false,
    };

    public static readonly ResourceKind PriorityClass = new()
    {
        Group = "scheduling.k8s.io", Version = "v1", Kind = "PriorityClass", Plural = "priorityclasses", SchemaType = "scheduling.v1.PriorityClass", ShortNames = ["pc"], Namespaced = false, HasGeneration = true,
    };

    public static readonly ResourceKind Lease = new()
    {
        Group = "coordination.k8s.io", Version = "v1", Kind = "Lease", Plural = "leases", SchemaType = "coordination.v1.Lease",
    };

    public static readonly ResourceKind VerticalPodAutoscaler = new()
    {
        Group = "autoscaling.k8s.io", Version = "v1", Kind = "VerticalPodAutoscaler", Plural = "verticalpodautoscalers", SchemaType = "autoscaling.k8s.io.v1.VerticalPodAutoscaler", ShortNames = ["vpa"], Subresources = ["status"], HasGeneration = true,
    };

    public static readonly ResourceKind NodeMetrics = new()
    {
        Group = "metrics.k8s.io", Version = "v1beta1", Kind = "NodeMetrics", Plural = "nodes", SchemaType = "", Namespaced = false, Computed = true,
    };

    public static readonly ResourceKind PodMetrics = new()
    {
        Group = "metrics.k8s.io", Version = "v1beta1", Kind = "PodMetrics", Plural = "pods", SchemaType = "", Computed = true,
    };

    /// <summary>The kinds that are stored.</summary>
    public static readonly IReadOnlyList<ResourceKind> All =
    [
        Namespace, Node, Pod, Service, Endpoints, EndpointSlice, ConfigMap, Secret, ServiceAccount, PersistentVolumeClaim, PersistentVolume, Event, LimitRange, ResourceQuota, Deployment, ReplicaSet, StatefulSet, DaemonSet, ControllerRevision, Job, CronJob, HorizontalPodAutoscaler, PodDisruptionBudget, NetworkPolicy, Ingress, IngressClass, Role, RoleBinding, ClusterRole, ClusterRoleBinding, StorageClass, PriorityClass, Lease, VerticalPodAutoscaler,
    ];

    /// <summary>The kinds that clients see: those that are stored, and those that are computed when they are asked for.</summary>
    public static readonly IReadOnlyList<ResourceKind> Served = [.. All, NodeMetrics, PodMetrics];

    private static readonly Dictionary<(string ApiVersion, string Plural), ResourceKind> s_byPlural =
        Served.ToDictionary(kind => (kind.ApiVersion, kind.Plural));

    private static readonly Dictionary<(string Group, string Kind), ResourceKind> s_byKind =
        All.ToDictionary(kind => (kind.Group, kind.Kind));

    public static ResourceKind? Find(string apiVersion, string plural) => s_byPlural.GetValueOrDefault((apiVersion, plural));

    /// <summary>The kind an owner reference or scale target names; the version in the reference does not matter.</summary>
    public static ResourceKind? ByName(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return s_byKind.GetValueOrDefault((slash < 0 ? "" : apiVersion[..slash], kind));
    }
}
