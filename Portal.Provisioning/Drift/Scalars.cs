using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>Compares single values, whatever type they were built with or parsed from. Made for a rendered value on the left: then it allocates nothing.</summary>
internal static class Scalars
{
    public static bool Same(JsonValue left, JsonValue right)
    {
        var (kind, other) = (left.GetValueKind(), right.GetValueKind());
        return (kind, other) switch
        {
            (JsonValueKind.String, JsonValueKind.String) => SameText(left.GetValue<string>(), right),
            (JsonValueKind.Number, JsonValueKind.Number) => Whole(left) is { } whole && Whole(right) is { } its ? whole == its : Decimal(left) == Decimal(right),

            // A port may be written as a number or as a text.
            (JsonValueKind.String, JsonValueKind.Number) or (JsonValueKind.Number, JsonValueKind.String) => Text(left) == Text(right),
            _ => kind == other,
        };
    }

    /// <summary>Whether both spell the same amount: <c>1000m</c> and <c>1</c>, <c>1024Mi</c> and <c>1Gi</c>.</summary>
    public static bool SameQuantity(JsonValue left, JsonValue right) =>
        Amount(Text(left)) is { } one && Amount(Text(right)) is { } other && one == other;

    public static string Text(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    // ValueEquals compares with the bytes that were received, without making a string of them.
    private static bool SameText(string text, JsonValue value) =>
        value.TryGetValue<JsonElement>(out var element) ? element.ValueEquals(text) : value.GetValue<string>() == text;

    private static long? Whole(JsonValue number) =>
        number.TryGetValue<int>(out var small) ? small : number.TryGetValue<long>(out var large) ? large : null;

    private static decimal? Decimal(JsonValue number) =>
        decimal.TryParse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;

    private static decimal? Amount(string text)
    {
        try
        {
            return KubeQuantity.Parse(text);
        }
        catch (Exception unreadable) when (unreadable is FormatException or OverflowException)
        {
            return null;
        }
    }
}
