using System.Buffers;

namespace Portal.Provisioning.Sandbox;

/// <summary>Texts that others are stored as a difference from: a few for each name that comes again and again, such as the pods of <c>gateway</c>.</summary>
/// <remarks>Only for the control loop. Models are kept for good; their number is limited, and whoever finds none is packed by itself.</remarks>
internal sealed class TextModels
{
    private const int MostPerName = 4;
    private const int Most = 4096;

    // A text that keeps more than a fifth of itself is not like its model: a pod that has started and one that has not.
    private const int Alike = 5;

    private static readonly SearchValues<char> s_vowels = SearchValues.Create("aeiouy");

    private readonly Dictionary<(ResourceKind Kind, string Stem), List<byte[]>> _models = [];
    private int _count;

    /// <summary>The model and the difference from it; null when nothing is near enough.</summary>
    public (byte[] Model, byte[] Delta)? Find(ObjectKey key, byte[] text)
    {
        var slot = (key.Kind, Stem(key.Name));
        if (!_models.TryGetValue(slot, out var models))
        {
            _models[slot] = models = [];
        }

        (byte[] Model, byte[] Delta)? best = null;
        for (var i = models.Count - 1; i >= 0; i--)
        {
            var delta = TextDelta.Encode(models[i], text);
            if (best is null || delta.Length < best.Value.Delta.Length)
            {
                best = (models[i], delta);
            }

            if (delta.Length * Alike < text.Length)
            {
                return best;
            }
        }

        if (models.Count < MostPerName && _count < Most)
        {
            _count++;
            models.Add(text);
            return (text, TextDelta.Encode(text, text));
        }

        return best is { } near && near.Delta.Length * 2 < text.Length ? best : null;
    }

    // What is left of a name without numbers, hashes and generated endings.
    private static string Stem(string name) => string.Join('-', name.Split('-', '.').Where(IsWord).Take(4));

    private static bool IsWord(string part) => part.Length > 0 && !part.AsSpan().ContainsAnyInRange('0', '9') && (part.Length < 5 || part.AsSpan().ContainsAny(s_vowels));
}
