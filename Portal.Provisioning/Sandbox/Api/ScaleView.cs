using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The scale subresource as a view of a workload.</summary>
internal static class ScaleView
{
    public static JsonObject Of(StoredObject item)
    {
        var root = item.Parse();
        var selector = (root.Map("spec", "selector", "matchLabels") ?? []).Select(label => $"{label.Key}={label.Value.AsText()}");
        var metadata = new JsonObject();
        foreach (var field in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            metadata[field] = root.Section("metadata")[field].Copy();
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = root.Section("spec").Number("replicas") ?? 0 },
            ["status"] = new JsonObject { ["replicas"] = root.Section("status").Number("replicas") ?? 0, ["selector"] = string.Join(',', selector) },
        };
    }
}
