using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>An unstructured Kubernetes object: a thin wrapper over its JSON.</summary>
/// <remarks>
/// We send exactly what was rendered and so own only the fields that we wrote; typed models would send defaults.
/// A value is treated as immutable once it has left its maker: code that changes one works on <see cref="Clone"/>.
/// </remarks>
public sealed class KubeObject(JsonObject root)
{
    public JsonObject Root { get; } = root;

    public string ApiVersion => Text("apiVersion") ?? "";

    public string Kind => field ??= Text("kind") ?? "";

    public string Name => Text("metadata", "name") ?? "";

    public string? Namespace => Text("metadata", "namespace");

    public string? Uid => Text("metadata", "uid");

    public string? ResourceVersion => Text("metadata", "resourceVersion");

    public long Generation => Number("metadata", "generation") ?? 0;

    /// <summary>Set once a delete was accepted and finalizers or dependents are still to go.</summary>
    public bool IsTerminating => Text("metadata", "deletionTimestamp") is not null;

    /// <summary>Made once: looks ask for it again and again, and an object keeps its identity.</summary>
    public ObjectRef Ref => field ??= new(ApiVersion, Kind, Namespace, Name);

    public string? Label(string key) => Text("metadata", "labels", key);

    public string? Annotation(string key) => Text("metadata", "annotations", key);

    /// <summary>The node at a path of object keys, or null when any step is absent.</summary>
    public JsonNode? At(params ReadOnlySpan<string> path)
    {
        JsonNode? node = Root;
        foreach (var key in path)
        {
            node = node is JsonObject map && map.TryGetPropertyValue(key, out var next) ? next : null;
            if (node is null)
            {
                return null;
            }
        }

        return node;
    }

    public string? Text(params ReadOnlySpan<string> path) =>
        At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number, whatever number type it was built with or parsed from.</summary>
    public long? Number(params ReadOnlySpan<string> path) =>
        At(path) is not JsonValue value || value.GetValueKind() != JsonValueKind.Number ? null
        : value.TryGetValue<long>(out var parsed) ? parsed
        : value.TryGetValue<int>(out var small) ? small
        : double.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var other) ? (long)other : null;

    public bool? Flag(params ReadOnlySpan<string> path) =>
        At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.GetValue<bool>() : null;

    /// <summary>The objects of a list at a path; empty when there is none.</summary>
    public IEnumerable<JsonObject> Items(params ReadOnlySpan<string> path) =>
        At(path) is JsonArray list ? list.OfType<JsonObject>() : [];

    public KubeObject Clone() => new((JsonObject)Root.DeepClone());

    public static KubeObject Parse(string json) =>
        JsonNode.Parse(json) is JsonObject root ? new(root) : throw new FormatException("A Kubernetes object is a JSON object.");

    public string ToJson() => Root.ToJsonString();

    public override string ToString() => Ref.ToString();
}
