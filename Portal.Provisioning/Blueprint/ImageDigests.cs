using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Portal.Provisioning.Blueprint;

/// <summary>Which content a tag stands for, as the platform's owners have written it down: rendering asks nobody.</summary>
public sealed partial class ImageDigests
{
    private readonly FrozenDictionary<string, string> _digests;

    private ImageDigests(FrozenDictionary<string, string> digests) => _digests = digests;

    public int Count => _digests.Count;

    /// <summary>From lines like <c>docker.io/library/mysql:8.4.11@sha256:...</c>; a line without a digest is one that is still to be found out.</summary>
    /// <param name="problem">Told of each line that cannot be used, by its number.</param>
    public static ImageDigests Read(IReadOnlyList<string> lines, Action<int, string> problem)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            if (ReferenceOf(lines[i]) is not { } text)
            {
                continue;
            }

            if (!Line().IsMatch(text))
            {
                problem(i + 1, $"\"{text}\" is no image with a tag and a digest. Write one a line, for example docker.io/library/mysql:8.4.11@sha256: and 64 hexadecimal digits.");
                continue;
            }

            var image = ImageReference.Parse(text);
            if (image.Digest is { } digest && !digests.TryAdd(image.Tagged, digest) && digests[image.Tagged] != digest)
            {
                problem(i + 1, $"{image.Tagged} has another digest in a line above. Leave one of them.");
            }
        }

        return new(digests.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>What a line names; null for an empty one and a comment.</summary>
    public static string? ReferenceOf(string line) => line.Trim() is { Length: > 0 } text && text[0] != '#' ? text : null;

    public static bool IsDigest(string? text) => text is not null && Digest().IsMatch(text);

    /// <summary>The digest of an image that is named by its tag; null when it is not known.</summary>
    public string? Of(string image) => _digests.GetValueOrDefault(ImageReference.Parse(image).Tagged);

    [GeneratedRegex(@"^[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"^sha256:[a-f0-9]{64}\z")]
    private static partial Regex Digest();
}
