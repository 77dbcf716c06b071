using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads objects and lists from answers.</summary>
internal static class KubeJson
{
    public static async Task<KubeObject> ReadAsync(Stream body, CancellationToken ct) =>
        new(await JsonNode.ParseAsync(body, cancellationToken: ct) as JsonObject ?? throw new JsonException("An object was expected."));

    public static KubeObject ReadLine(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return new(JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("An object was expected."));
    }

    /// <summary>The items of a list, made whole: servers leave apiVersion and kind out of them.</summary>
    public static List<KubeObject> TakeItems(KubeObject list, ListQuery query)
    {
        if (list.At("items") is not JsonArray array)
        {
            return [];
        }

        var items = array.OfType<JsonObject>().ToList();

        // Taken out of the array, so that one kept item does not keep the whole page in memory.
        array.Clear();
        foreach (var item in items)
        {
            item.TryAdd("apiVersion", query.ApiVersion);
            item.TryAdd("kind", query.Kind);
        }

        return items.ConvertAll(i => new KubeObject(i));
    }
}
