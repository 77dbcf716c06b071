using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Short words for reading and building JSON trees.</summary>
internal static class JsonReading
{
    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? AsNumber(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? value.TryGetValue(out long whole) ? whole : value.TryGetValue(out int small) ? small : (long)value.GetValue<double>()
            : null;

    public static bool AsFlag(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static string? Text(this JsonObject map, string key) => map[key].AsText();

    public static long? Number(this JsonObject map, string key) => map[key].AsNumber();

    public static bool Flag(this JsonObject map, string key) => map[key].AsFlag();

    /// <summary>The object under a key, made when it is absent.</summary>
    public static JsonObject Section(this JsonObject map, string key)
    {
        if (map[key] is not JsonObject section)
        {
            map[key] = section = [];
        }

        return section;
    }

    /// <summary>The object at a path, or null when a step is absent.</summary>
    public static JsonObject? Map(this JsonObject map, params ReadOnlySpan<string> path)
    {
        JsonObject? current = map;
        foreach (var key in path)
        {
            current = current?[key] as JsonObject;
        }

        return current;
    }

    public static IEnumerable<JsonObject> Items(this JsonObject? map, string key) =>
        map?[key] is JsonArray list ? list.OfType<JsonObject>() : [];

    public static IEnumerable<string> Texts(this JsonObject? map, string key) =>
        map?[key] is JsonArray list ? list.Select(item => item.AsText()).OfType<string>() : [];

    /// <summary>Sets the value only when the key is absent or null.</summary>
    public static void Default(this JsonObject map, string key, JsonNode? value)
    {
        if (map[key] is null && value is not null)
        {
            map[key] = value;
        }
    }

    public static JsonNode? Copy(this JsonNode? node) => node?.DeepClone();

    public static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
