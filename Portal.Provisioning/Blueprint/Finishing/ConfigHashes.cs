using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Finishing;

/// <summary>Stamps each pod template with a hash of the configuration that its pods read at start: a changed file rolls the pods.</summary>
/// <remarks>Done for the whole stack at the end, so that no layer can forget it. Jobs get their final name here, see <see cref="Objects.Jobs"/>.</remarks>
internal static class ConfigHashes
{
    public static void Stamp(IReadOnlyList<Manifest> manifests)
    {
        var texts = manifests
            .Where(manifest => manifest.Object.Kind == "ConfigMap" && manifest.Object.Annotation(Labels.LiveReload) is null)
            .ToDictionary(manifest => manifest.Object.Name, manifest => manifest.Object.At("data")!.ToJsonString(), StringComparer.Ordinal);
        foreach (var manifest in manifests)
        {
            if (PodTemplates.Of(manifest.Object) is not { } template)
            {
                continue;
            }

            var read = string.Concat(ConfigMaps(template).Where(texts.ContainsKey).Order(StringComparer.Ordinal).Distinct().Select(name => texts[name]));
            if (read.Length > 0)
            {
                Annotate((JsonObject)template["metadata"]!, Names.Hash(read));
            }

            if (manifest.Object.Kind == "Job")
            {
                manifest.Object.Root["metadata"]!["name"] = $"{manifest.Object.Name}-{Names.Hash(manifest.Object.At("spec")!.ToJsonString())}";
            }
        }
    }

    private static IEnumerable<string> ConfigMaps(JsonObject template) =>
        PodTemplates.List(template, "volumes").Select(volume => (string?)volume["configMap"]?["name"])
            .Concat(PodTemplates.Containers(template).SelectMany(container => container["envFrom"] as JsonArray ?? []).Select(source => (string?)source?["configMapRef"]?["name"]))
            .OfType<string>();

    private static void Annotate(JsonObject metadata, string hash)
    {
        if (metadata["annotations"] is not JsonObject annotations)
        {
            annotations = [];
            metadata.Add("annotations", annotations);
        }

        annotations[Labels.ConfigHash] = hash;
    }
}
