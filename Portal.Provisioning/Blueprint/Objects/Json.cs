using System.Text.Json.Nodes;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Short spellings of JSON values. A null value of a map is left out: we own only the fields that we write.</summary>
internal static class Json
{
    public static JsonObject Map(params ReadOnlySpan<(string Key, JsonNode? Value)> entries)
    {
        var map = new JsonObject();
        foreach (var (key, value) in entries)
        {
            if (value is not null)
            {
                map.Add(key, value);
            }
        }

        return map;
    }

    public static JsonArray List(params ReadOnlySpan<JsonNode?> items)
    {
        var list = new JsonArray();
        foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    /// <summary>A list of parts that may be empty; then null, so that a map leaves it out.</summary>
    public static JsonArray? ListOrNone(IEnumerable<JsonNode?> items)
    {
        var list = new JsonArray();
        foreach (var item in items)
        {
            list.Add(item);
        }

        return list.Count == 0 ? null : list;
    }

    public static JsonArray Texts(IEnumerable<string> items) => List([.. items.Select(item => (JsonNode?)item)]);

    public static JsonArray? TextsOrNone(IReadOnlyList<string> items) => items.Count == 0 ? null : Texts(items);
}
