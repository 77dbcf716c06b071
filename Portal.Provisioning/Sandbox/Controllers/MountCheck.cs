using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Finds the ConfigMap or Secret that a pod needs and that does not exist.</summary>
internal static class MountCheck
{
    /// <returns>Null when everything is there.</returns>
    public static MissingInput? Missing(ObjectStore store, StoredObject pod)
    {
        foreach (var volume in pod.View.Items("spec", "volumes"))
        {
            var name = volume.Text("name");
            var sources = volume.Map("projected").Items("sources").Append(volume);
            foreach (var source in sources)
            {
                if (Absent(store, pod, Kinds.ConfigMap, source["configMap"] as JsonObject, "name"))
                {
                    return new(null, $"MountVolume.SetUp failed for volume \"{name}\" : configmap \"{source.Map("configMap")!.Text("name")}\" not found");
                }

                var key = source.Map("secret")?["secretName"] is null ? "name" : "secretName";
                if (Absent(store, pod, Kinds.Secret, source["secret"] as JsonObject, key))
                {
                    return new(null, $"MountVolume.SetUp failed for volume \"{name}\" : secret \"{source.Map("secret")!.Text(key)}\" not found");
                }
            }
        }

        return pod.View.Items("spec", "containers").Concat(pod.View.Items("spec", "initContainers"))
            .Select(container => Environment(store, pod, container) is { } message ? new MissingInput(container.Text("name") ?? "", message) : null)
            .FirstOrDefault(missing => missing is not null);
    }

    private static string? Environment(ObjectStore store, StoredObject pod, JsonObject container)
    {
        var sources = container.Items("env").Select(variable => variable["valueFrom"] as JsonObject ?? []).Select(from => (from["configMapKeyRef"], from["secretKeyRef"]))
            .Concat(container.Items("envFrom").Select(from => (from["configMapRef"], from["secretRef"])));
        foreach (var (config, secret) in sources)
        {
            if (Absent(store, pod, Kinds.ConfigMap, config as JsonObject, "name"))
            {
                return $"configmap \"{((JsonObject)config!).Text("name")}\" not found";
            }

            if (Absent(store, pod, Kinds.Secret, secret as JsonObject, "name"))
            {
                return $"secret \"{((JsonObject)secret!).Text("name")}\" not found";
            }
        }

        return null;
    }

    private static bool Absent(ObjectStore store, StoredObject pod, ResourceKind kind, JsonObject? reference, string field) =>
        reference is not null && !reference.Flag("optional") && reference.Text(field) is { } name && store.Get(kind, pod.Namespace, name) is null;
}
