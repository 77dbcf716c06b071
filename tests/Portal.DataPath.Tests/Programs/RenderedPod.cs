using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.DataPath.Tests.Programs;

/// <summary>What the blueprint tells a container in its environment.</summary>
internal static class RenderedPod
{
    /// <summary>The variables of a container of the first workload of this kind whose name begins so; what the kubelet knows is given by the test.</summary>
    public static Dictionary<string, string> Environment(RenderedStack stack, string kind, string name, string container, params (string Name, string Value)[] fields)
    {
        var plan = Container(stack, kind, name, container);
        var known = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        foreach (var variable in ((JsonArray)plan["env"]!).OfType<JsonObject>())
        {
            if ((string?)variable["value"] is { } value)
            {
                known[(string)variable["name"]!] = fields.Aggregate(value, (text, field) => text.Replace($"$({field.Name})", field.Value, StringComparison.Ordinal));
            }
        }

        return known;
    }

    /// <summary>The command that the blueprint gives a container.</summary>
    public static IReadOnlyList<string> Command(RenderedStack stack, string kind, string name, string container) =>
        [.. ((JsonArray)Container(stack, kind, name, container)["command"]!).Select(word => (string)word!)];

    private static JsonObject Container(RenderedStack stack, string kind, string name, string container)
    {
        var pod = stack.Manifests.Select(manifest => manifest.Object)
            .Where(item => item.Kind == kind && item.Name.StartsWith(name, StringComparison.Ordinal))
            .Select(item => new KubeObject((JsonObject)item.At("spec", "template")!))
            .First();
        return pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")).Single(each => (string?)each["name"] == container);
    }
}
