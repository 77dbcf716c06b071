using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Fills in what the API server fills in, so that a second identical apply changes nothing.</summary>
internal static class Defaults
{
    private static readonly Dictionary<ResourceKind, Action<JsonObject>> s_byKind = new()
    {
        [Kinds.Pod] = root => PodDefaults.Apply(root.Section("spec")),
        [Kinds.Deployment] = WorkloadDefaults.Deployment,
        [Kinds.ReplicaSet] = WorkloadDefaults.ReplicaSet,
        [Kinds.StatefulSet] = WorkloadDefaults.StatefulSet,
        [Kinds.DaemonSet] = WorkloadDefaults.DaemonSet,
        [Kinds.Job] = WorkloadDefaults.Job,
        [Kinds.CronJob] = WorkloadDefaults.CronJob,
        [Kinds.Service] = Service,
        [Kinds.Namespace] = Namespace,
        [Kinds.Secret] = Secret,
        [Kinds.PersistentVolumeClaim] = root => root.Section("spec").Default("volumeMode", "Filesystem"),
        [Kinds.PersistentVolume] = Volume,
        [Kinds.NetworkPolicy] = NetworkPolicy,
        [Kinds.HorizontalPodAutoscaler] = Autoscaler,
        [Kinds.StorageClass] = StorageClass,
        [Kinds.PriorityClass] = root => root.Default("preemptionPolicy", "PreemptLowerPriority"),
        [Kinds.RoleBinding] = Binding,
        [Kinds.ClusterRoleBinding] = Binding,
        [Kinds.LimitRange] = LimitRange,
    };

    /// <summary>What the server adds to a status that a client writes.</summary>
    public static void ApplyToStatus(ResourceKind kind, JsonObject root)
    {
        if (kind == Kinds.Service && root.Map("spec")?.Text("type") == "LoadBalancer")
        {
            foreach (var address in root.Map("status", "loadBalancer").Items("ingress").Where(address => address["ip"] is not null))
            {
                address.Default("ipMode", "VIP");
            }
        }
    }

    public static void Apply(ResourceKind kind, JsonObject root)
    {
        if (s_byKind.TryGetValue(kind, out var fill))
        {
            fill(root);
        }
    }

    private static void Namespace(JsonObject root)
    {
        root.Section("metadata").Section("labels")["kubernetes.io/metadata.name"] = root.Section("metadata").Text("name");
        root.Section("spec").Default("finalizers", new JsonArray("kubernetes"));
    }

    private static void Service(JsonObject root)
    {
        root.Section("status").Default("loadBalancer", new JsonObject());
        var spec = root.Section("spec");
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Section("sessionAffinityConfig").Section("clientIP").Default("timeoutSeconds", 10800);
        }

        foreach (var port in spec.Items("ports"))
        {
            port.Default("protocol", "TCP");
            port.Default("targetPort", port["port"].Copy());
        }

        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        spec.Default("internalTrafficPolicy", "Cluster");
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }

        if (spec.Text("type") == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
        }
    }

    private static void Secret(JsonObject root)
    {
        root.Default("type", "Opaque");
        if (root["stringData"] is JsonObject text)
        {
            foreach (var (key, value) in text)
            {
                root.Section("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.AsText() ?? ""));
            }

            root.Remove("stringData");
        }
    }

    private static void Volume(JsonObject root)
    {
        root.Section("spec").Default("persistentVolumeReclaimPolicy", "Retain");
        root.Section("spec").Default("volumeMode", "Filesystem");
    }

    private static void NetworkPolicy(JsonObject root)
    {
        var spec = root.Section("spec");
        spec.Default("podSelector", new JsonObject());
        spec.Default("policyTypes", spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress"));
        foreach (var port in spec.Items("ingress").Concat(spec.Items("egress")).SelectMany(rule => rule.Items("ports")))
        {
            port.Default("protocol", "TCP");
        }
    }

    private static void Autoscaler(JsonObject root)
    {
        var spec = root.Section("spec");
        spec.Default("minReplicas", 1);
        if (spec["behavior"] is not JsonObject behavior)
        {
            return;
        }

        var up = behavior.Section("scaleUp");
        up.Default("stabilizationWindowSeconds", 0);
        up.Default("selectPolicy", "Max");
        up.Default("policies", new JsonArray(Policy("Pods", 4), Policy("Percent", 100)));
        var down = behavior.Section("scaleDown");
        down.Default("selectPolicy", "Max");
        down.Default("policies", new JsonArray(Policy("Percent", 100)));

        static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };
    }

    private static void StorageClass(JsonObject root)
    {
        root.Default("reclaimPolicy", "Delete");
        root.Default("volumeBindingMode", "Immediate");
    }

    private static void Binding(JsonObject root)
    {
        root.Section("roleRef").Default("apiGroup", "rbac.authorization.k8s.io");
        foreach (var subject in root.Items("subjects").Where(subject => subject.Text("kind") is "User" or "Group"))
        {
            subject.Default("apiGroup", "rbac.authorization.k8s.io");
        }
    }

    private static void LimitRange(JsonObject root)
    {
        foreach (var limit in root.Section("spec").Items("limits").Where(limit => limit.Text("type") == "Container"))
        {
            Fill(limit, from: "max", to: "default");
            Fill(limit, from: "default", to: "defaultRequest");
            Fill(limit, from: "min", to: "defaultRequest");
        }

        static void Fill(JsonObject limit, string from, string to)
        {
            foreach (var (name, value) in limit[from] as JsonObject ?? [])
            {
                limit.Section(to).Default(name, value.Copy());
            }
        }
    }
}
