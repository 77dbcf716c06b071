using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A hash that is the same in every process (FNV-1a), and its spelling in the alphabet of generated names.</summary>
internal static class StableHash
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>Ten letters for a pod template or another piece of a spec.</summary>
    public static string Name(JsonNode? node)
    {
        var hash = Of(StoredObject.Serialize(node ?? new JsonObject()));
        return string.Create(10, hash, (span, value) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = Alphabet[(int)(value % (ulong)Alphabet.Length)];
                value /= (ulong)Alphabet.Length;
            }
        });
    }

    /// <summary>A share between 0.25 and 1 that is fixed by the text.</summary>
    public static double Share(string text) => 0.25 + (0.75 * (Of(text) % 1000 / 999.0));
}
