using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Refuses changes of fields that cannot change after creation.</summary>
internal static class Immutability
{
    private const string StatefulSetMessage =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] s_statefulSetMutable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    private static readonly string[] s_podMutable = ["activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "schedulingGates", "nodeName"];

    public static void Check(ResourceKind kind, JsonObject before, JsonObject after)
    {
        var causes = new List<FieldCause>();
        var (old, now) = (before["spec"] as JsonObject ?? [], after["spec"] as JsonObject ?? []);
        if (kind == Kinds.Deployment || kind == Kinds.ReplicaSet || kind == Kinds.DaemonSet)
        {
            Same(old, now, "spec.selector", "selector", causes);
        }
        else if (kind == Kinds.StatefulSet)
        {
            if (!Equal(Without(old, s_statefulSetMutable), Without(now, s_statefulSetMutable)))
            {
                causes.Add(FieldCause.Forbidden("spec", StatefulSetMessage));
            }
        }
        else if (kind == Kinds.Job)
        {
            Same(old, now, "spec.selector", "selector", causes);
            Same(old, now, "spec.completions", "completions", causes);
            Same(old, now, "spec.completionMode", "completionMode", causes);
            if (!(old.Flag("suspend") && before.Map("status")?["startTime"] is null))
            {
                Same(old, now, "spec.template", "template", causes);
            }
        }
        else if (kind == Kinds.PersistentVolumeClaim)
        {
            Claim(old, now, causes);
        }
        else if (kind == Kinds.Service)
        {
            if (old.Text("clusterIP") is { Length: > 0 } && now.Text("type") != "ExternalName")
            {
                Same(old, now, "spec.clusterIPs[0]", "clusterIP", causes, "may not change once set");
            }
        }
        else if (kind == Kinds.ConfigMap || kind == Kinds.Secret)
        {
            Content(kind, before, after, causes);
        }
        else if (kind == Kinds.RoleBinding || kind == Kinds.ClusterRoleBinding)
        {
            Same(before, after, "roleRef", "roleRef", causes, "cannot change roleRef");
        }
        else if (kind == Kinds.PriorityClass)
        {
            Same(before, after, "value", "value", causes);
        }
        else if (kind == Kinds.StorageClass)
        {
            Same(before, after, "parameters", "parameters", causes);
            Same(before, after, "provisioner", "provisioner", causes);
            Same(before, after, "reclaimPolicy", "reclaimPolicy", causes);
            Same(before, after, "volumeBindingMode", "volumeBindingMode", causes);
        }
        else if (kind == Kinds.Pod && !Equal(WithoutImages(old), WithoutImages(now)))
        {
            causes.Add(FieldCause.Forbidden("spec", "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
        }

        if (causes.Count > 0)
        {
            throw ApiFault.Invalid(kind, after.Map("metadata")?.Text("name") ?? "", causes);
        }
    }

    private static void Claim(JsonObject old, JsonObject now, List<FieldCause> causes)
    {
        var (oldSize, newSize) = (Size(old), Size(now));
        // The volume is filled in by binding; everything else but growth is fixed.
        string[] free = old["volumeName"] is null ? ["resources", "volumeName", "volumeAttributesClassName"] : ["resources", "volumeAttributesClassName"];
        if (!Equal(Without(old, free), Without(now, free)))
        {
            causes.Add(FieldCause.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        }
        else if (newSize < oldSize)
        {
            causes.Add(FieldCause.Forbidden("spec.resources.requests.storage", "field can not be less than previous value"));
        }
        else if (newSize > oldSize && old["volumeName"] is null)
        {
            causes.Add(FieldCause.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        }

        static long Size(JsonObject spec) => Quantity.Milli(spec.Map("resources", "requests")?.Text("storage")) ?? 0;
    }

    private static void Content(ResourceKind kind, JsonObject before, JsonObject after, List<FieldCause> causes)
    {
        if (kind == Kinds.Secret)
        {
            Same(before, after, "type", "type", causes);
        }

        if (!before.Flag("immutable"))
        {
            return;
        }

        if (!after.Flag("immutable"))
        {
            causes.Add(FieldCause.Forbidden("immutable", "field is immutable when `immutable` is set"));
        }

        foreach (var field in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            if (!Equal(before[field], after[field]))
            {
                causes.Add(FieldCause.Forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    private static void Same(JsonObject old, JsonObject now, string path, string field, List<FieldCause> causes, string detail = "field is immutable")
    {
        if (!Equal(old[field], now[field]))
        {
            causes.Add(FieldCause.Invalid(path, now[field].Copy(), detail));
        }
    }

    private static JsonObject Without(JsonObject map, string[] fields)
    {
        var copy = (JsonObject)map.DeepClone();
        foreach (var field in fields)
        {
            copy.Remove(field);
        }

        return copy;
    }

    private static JsonObject WithoutImages(JsonObject spec)
    {
        var copy = Without(spec, s_podMutable);
        foreach (var container in copy.Items("containers").Concat(copy.Items("initContainers")))
        {
            container.Remove("image");
        }

        return copy;
    }

    private static bool Equal(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
