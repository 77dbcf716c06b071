using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Makes the claims of one numbered pod from the set's templates and mounts them in the pod.</summary>
internal static class StatefulClaims
{
    public static void Add(ControlContext cluster, StoredObject set, JsonObject spec, JsonObject podSpec, string podName)
    {
        foreach (var template in spec.Items("volumeClaimTemplates"))
        {
            var volume = template.Map("metadata")?.Text("name") ?? "";
            var name = $"{volume}-{podName}";
            if (cluster.Store.Get(Kinds.PersistentVolumeClaim, set.Namespace, name) is null)
            {
                Create(cluster, set, Claim(set, spec, template, name), name, podName);
            }

            var volumes = podSpec["volumes"] as JsonArray ?? [];
            if (volumes.Parent is null)
            {
                podSpec["volumes"] = volumes;
            }

            volumes.Add(new JsonObject { ["name"] = volume, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } });
        }
    }

    private static void Create(ControlContext cluster, StoredObject set, JsonObject claim, string name, string podName)
    {
        try
        {
            cluster.Writer.CreateTrusted(Kinds.PersistentVolumeClaim, claim);
            cluster.Events.Normal(set, "statefulset-controller", "SuccessfulCreate", $"create Claim {name} Pod {podName} in StatefulSet {set.Name} success");
        }
        catch (ApiFault refusal)
        {
            cluster.Events.Warning(set, "statefulset-controller", "FailedCreate", $"create Claim {name} Pod {podName} in StatefulSet {set.Name} failed error: {refusal.Message}");
            throw;
        }
    }

    private static JsonObject Claim(StoredObject set, JsonObject spec, JsonObject template, string name)
    {
        var labels = (JsonObject)(template.Map("metadata", "labels").Copy() ?? new JsonObject());
        foreach (var (key, value) in spec.Map("selector", "matchLabels") ?? [])
        {
            labels[key] = value.Copy();
        }

        var metadata = new JsonObject { ["name"] = name, ["namespace"] = set.Namespace, ["labels"] = labels };
        if (template.Map("metadata", "annotations") is { } annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        if (spec.Map("persistentVolumeClaimRetentionPolicy")?.Text("whenDeleted") == "Delete")
        {
            metadata["ownerReferences"] = new JsonArray(PodFactory.OwnerReference(set));
        }

        return new JsonObject { ["kind"] = "PersistentVolumeClaim", ["apiVersion"] = "v1", ["metadata"] = metadata, ["spec"] = template["spec"].Copy() };
    }
}
