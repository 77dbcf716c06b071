using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Spells the steps of field paths: a field, a keyed list item, a value of a set.</summary>
internal static class PathElement
{
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string?[] s_fields = new string?[4096];

    /// <summary>The element of a field; one instance for the names that come again and again.</summary>
    public static string Field(string name)
    {
        ref var slot = ref s_fields[(uint)string.GetHashCode(name) % (uint)s_fields.Length];
        var known = Volatile.Read(ref slot);
        if (known is null || !known.AsSpan(2).SequenceEqual(name))
        {
            known = "f:" + name;
            Volatile.Write(ref slot, known);
        }

        return known;
    }

    public static string Value(JsonNode? value) => "v:" + (value?.ToJsonString(s_relaxed) ?? "null");

    /// <summary>The identity of an item of a keyed list, or null when it has none of the keys.</summary>
    public static string? Key(SchemaNode list, JsonNode? item)
    {
        if (item is not JsonObject map)
        {
            return null;
        }

        var any = false;
        var text = StoredObject.Write(
            key =>
            {
                key.WriteStartObject();
                foreach (var name in list.Keys)
                {
                    if ((map[name] ?? DefaultOf(name)) is { } value)
                    {
                        key.WritePropertyName(name);
                        value.WriteTo(key);
                        any = true;
                    }
                }

                key.WriteEndObject();
            },
            written => Encoding.UTF8.GetString(written));
        return any ? "k:" + text : null;
    }

    /// <summary>The element of an item of any list that is not atomic; null when the item cannot be told from others.</summary>
    public static string? OfItem(SchemaNode list, JsonNode? item) => list.IsKeyedList ? Key(list, item) : Value(item);

    public static string Display(string element)
    {
        if (element.StartsWith("f:", StringComparison.Ordinal))
        {
            return "." + element[2..];
        }

        if (element.StartsWith("k:", StringComparison.Ordinal) && JsonNode.Parse(element[2..]) is JsonObject key)
        {
            return "[" + string.Join(",", key.Select(part => $"{part.Key}={part.Value?.ToJsonString(s_relaxed)}")) + "]";
        }

        return $"[={element[2..]}]";
    }

    // The one key of the built-in kinds that has a default: the API server fills it in before it compares.
    private static JsonValue? DefaultOf(string key) => key == "protocol" ? JsonValue.Create("TCP") : null;
}
