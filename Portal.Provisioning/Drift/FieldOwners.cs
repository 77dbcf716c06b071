using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>Finds who else owns a field, in the record that the server keeps of it.</summary>
/// <remarks>Format: https://kubernetes.io/docs/reference/using-api/server-side-apply/ (fieldsV1).</remarks>
internal static class FieldOwners
{
    /// <summary>The latest of the managers but us that own the field; null when there is none.</summary>
    public static FieldOwner? Of(KubeObject live, IReadOnlyList<PathStep> path) =>
        live.Items("metadata", "managedFields")
            .Select(entry => new KubeObject(entry))
            .Where(entry => entry.Text("manager") is { } manager && manager != Labels.Manager && Owns(entry.At("fieldsV1") as JsonObject, path))
            .Select(entry => new FieldOwner(entry.Text("manager")!, entry.Text("operation") ?? "", Time(entry.Text("time"))))
            .MaxBy(owner => owner.At ?? DateTimeOffset.MinValue);

    private static bool Owns(JsonObject? fields, IReadOnlyList<PathStep> path)
    {
        foreach (var step in path)
        {
            if (fields is null or { Count: 0 })
            {
                break;
            }

            fields = step.Field is { } field ? fields["f:" + field] as JsonObject : step.Item is { } item ? ItemOf(fields, item) : null;
            if (fields is null)
            {
                return false;
            }
        }

        // An empty set of fields is a leaf: the value, or an atomic list or map, as a whole.
        return fields is not null;
    }

    private static JsonObject? ItemOf(JsonObject fields, JsonObject item) =>
        fields.FirstOrDefault(field => field.Key.StartsWith("k:", StringComparison.Ordinal) && IsKeyOf(field.Key[2..], item)).Value as JsonObject;

    private static bool IsKeyOf(string keys, JsonObject item) =>
        JsonNode.Parse(keys) is JsonObject wanted && wanted.All(key =>
            item[key.Key] is JsonValue value ? key.Value is JsonValue own && Scalars.Same(own, value) : key.Key == "protocol");

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
