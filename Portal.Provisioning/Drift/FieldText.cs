using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Drift;

/// <summary>Spells the two values of a difference for people: bounded, and never a secret.</summary>
internal static class FieldText
{
    private const string Mask = "***";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const int ShortText = 120;
    private const int LongestValue = 400;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="kind">Of the object: a Secret is masked because of what it is, whatever its keys are called.</param>
    public static (string? Before, string? After) Of(string kind, FieldPath path, JsonNode? before, JsonNode? after)
    {
        if (IsSecret(kind, path))
        {
            return (before, after) switch
            {
                (null, _) => (null, $"{Mask} (added)"),
                (_, null) => ($"{Mask} (removed)", null),
                _ => (Mask, $"{Mask} (changed)"),
            };
        }

        if (LongText(before, after) is var (old, now))
        {
            return LineDiff.Of(old, now);
        }

        return (Spell(before), Spell(after));
    }

    /// <summary>The text, cut when it is long, never through the middle of a character.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");

    private static bool IsSecret(string kind, FieldPath path) =>
        (kind == "Secret" && path.Steps is [{ Field: "data" or "stringData" }, ..]) || path.Steps.Any(step => step.Field == LastApplied);

    private static (string Before, string After)? LongText(JsonNode? before, JsonNode? after) =>
        Text(before) is { } old && Text(after) is { } now && (IsLong(old) || IsLong(now)) ? (old, now) : null;

    private static bool IsLong(string text) => text.Length > ShortText || text.Contains('\n', StringComparison.Ordinal);

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string? Spell(JsonNode? node) => node switch
    {
        null => null,
        _ when Text(node) is { } text => text.Length == 0 ? "\"\"" : Cut(text, LongestValue),
        _ => Cut(node.ToJsonString(s_readable), LongestValue),
    };
}
