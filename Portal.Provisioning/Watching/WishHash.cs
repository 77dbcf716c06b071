using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Tells a change of what is wished of an object from a change of its status, for kinds without a generation.</summary>
/// <remarks>
/// A HorizontalPodAutoscaler's status changes several times a minute for as long as it lives: if each of those were a reason to look at its environment, the looks
/// at many calm environments would leave no time for anything else.
/// </remarks>
internal static class WishHash
{
    private static readonly string[] s_wished = ["labels", "annotations", "finalizers", "ownerReferences", "deletionTimestamp"];

    public static long Of(KubeObject live)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            Write(writer, live.Root.Where(field => field.Key is not ("metadata" or "status")));
            Write(writer, (live.Root["metadata"] as JsonObject ?? []).Where(field => s_wished.Contains(field.Key)));
            writer.WriteEndObject();
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonNode?>> fields)
    {
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(writer);
            }
        }
    }
}
