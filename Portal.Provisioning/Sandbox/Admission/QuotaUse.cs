using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What one object takes of the resources that a ResourceQuota can limit, in thousandths. Pure.</summary>
internal static class QuotaUse
{
    /// <summary>Empty for a pod that has ended: it takes nothing any more.</summary>
    public static Dictionary<string, long> Of(ResourceKind kind, JsonObject root)
    {
        var use = new Dictionary<string, long>(StringComparer.Ordinal);
        if (kind == Kinds.Pod && root.Map("status")?.Text("phase") is "Succeeded" or "Failed")
        {
            return use;
        }

        use[kind.Group.Length == 0 ? $"count/{kind.Plural}" : $"count/{kind.Plural}.{kind.Group}"] = 1000;
        if (kind.Group.Length == 0)
        {
            use[kind.Plural] = 1000;
        }

        var spec = root.Map("spec") ?? [];
        if (kind == Kinds.Pod)
        {
            Pod(use, spec);
        }
        else if (kind == Kinds.PersistentVolumeClaim)
        {
            Claim(use, spec);
        }
        else if (kind == Kinds.Service)
        {
            use["services.loadbalancers"] = spec.Text("type") == "LoadBalancer" ? 1000 : 0;
            use["services.nodeports"] = 1000 * spec.Items("ports").Count(port => port["nodePort"] is not null);
        }

        return use;
    }

    /// <summary>The compute resources of a quota for which a container of the pod names no amount: such a pod is refused.</summary>
    public static IEnumerable<(string Resource, string Container)> Unnamed(JsonObject pod, IEnumerable<string> limited) =>
        from resource in limited
        let path = resource.Split('.', 2) is [var head and ("requests" or "limits"), var tail] ? (Part: head, Name: tail) : (Part: "requests", Name: resource)
        where path.Name is "cpu" or "memory"
        from container in pod.Map("spec").Items("containers")
        where container.Map("resources", path.Part)?[path.Name] is null
        select (resource, container.Text("name") ?? "");

    private static void Pod(Dictionary<string, long> use, JsonObject spec)
    {
        foreach (var part in (ReadOnlySpan<string>)["requests", "limits"])
        {
            foreach (var resource in (ReadOnlySpan<string>)["cpu", "memory", "ephemeral-storage"])
            {
                // Init containers run one after the other and before the others: only the greediest counts.
                var sum = spec.Items("containers").Sum(Amount);
                var most = spec.Items("initContainers").Select(Amount).DefaultIfEmpty().Max();
                use[$"{part}.{resource}"] = Math.Max(sum, most);
                if (part == "requests")
                {
                    use[resource] = Math.Max(sum, most);
                }

                long Amount(JsonObject container) => Quantity.Milli(container.Map("resources", part)?.Text(resource)) ?? 0;
            }
        }
    }

    private static void Claim(Dictionary<string, long> use, JsonObject spec)
    {
        var size = Quantity.Milli(spec.Map("resources", "requests")?.Text("storage")) ?? 0;
        use["requests.storage"] = size;
        if (spec.Text("storageClassName") is { } name)
        {
            use[$"{name}.storageclass.storage.k8s.io/requests.storage"] = size;
            use[$"{name}.storageclass.storage.k8s.io/persistentvolumeclaims"] = 1000;
        }
    }
}
