using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads objects and lists from answers.</summary>
internal static class KubeJson
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads into a borrowed buffer: the parsed object keeps one copy of its text, made in its own size.</summary>
    public static async Task<KubeObject> ReadAsync(Stream body, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var read = 0;
            while (await body.ReadAsync(buffer.AsMemory(read), ct) is > 0 and var more)
            {
                read += more;
                if (read == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
                    buffer.AsSpan(0, read).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return Parse(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads to the end, so that the connection serves the next call, and counts.</summary>
    public static async Task<long> SkipAsync(Stream body, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var read = 0L;
            while (await body.ReadAsync(buffer, ct) is > 0 and var more)
            {
                read += more;
            }

            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static KubeObject Parse(ReadOnlySpan<byte> text) => new(JsonNode.Parse(text) as JsonObject ?? throw new JsonException("An object was expected."));

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
