using System.Globalization;

namespace Portal.Provisioning.Sandbox;

/// <summary>Kubernetes quantities (<c>500m</c>, <c>1Gi</c>): exact amounts in thousandths, and the spelling that the API server stores.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, long Factor)[] s_binary =
        [("Ei", 1L << 60), ("Pi", 1L << 50), ("Ti", 1L << 40), ("Gi", 1L << 30), ("Mi", 1L << 20), ("Ki", 1L << 10)];

    private static readonly (string Suffix, long Factor)[] s_decimal =
        [("E", 1_000_000_000_000_000_000), ("P", 1_000_000_000_000_000), ("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000), ("", 1)];

    private static readonly Dictionary<string, decimal> s_milli = s_binary.Concat(s_decimal).Select(unit => (unit.Suffix, Milli: 1000m * unit.Factor))
        .Concat(new (string Suffix, decimal Milli)[] { ("m", 1m), ("u", 0.001m), ("n", 0.000001m) }).ToDictionary(unit => unit.Suffix, unit => unit.Milli, StringComparer.Ordinal);

    /// <summary>The amount in thousandths, rounded up; null when the text is not a quantity.</summary>
    public static long? Milli(string? text)
    {
        if (string.IsNullOrEmpty(text) || Split(text) is not { } parts)
        {
            return null;
        }

        var (number, suffix) = parts;
        try
        {
            return (long)Math.Ceiling(number * s_milli[suffix]);
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>The canonical spelling (<c>0.5</c> is <c>500m</c>, <c>1024Mi</c> is <c>1Gi</c>); null when the text is not a quantity.</summary>
    public static string? Canonical(string text)
    {
        if (Milli(text) is not { } milli || Split(text) is not var (_, suffix))
        {
            return null;
        }

        return Format(milli, suffix.EndsWith('i'));
    }

    public static string Format(long milli, bool binary)
    {
        if (milli == 0)
        {
            return "0";
        }

        if (milli % 1000 != 0)
        {
            return milli.ToString(CultureInfo.InvariantCulture) + "m";
        }

        var whole = milli / 1000;
        var units = binary ? s_binary : s_decimal;
        foreach (var (suffix, factor) in units)
        {
            if (whole % factor == 0)
            {
                return (whole / factor).ToString(CultureInfo.InvariantCulture) + suffix;
            }
        }

        return whole.ToString(CultureInfo.InvariantCulture);
    }

    private static (decimal Number, string Suffix)? Split(string text)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
        {
            end--;
        }

        var suffix = text[end..];
        var known = s_milli.ContainsKey(suffix);
        if (known && decimal.TryParse(text[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return (number, suffix);
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? (number, "") : null;
    }
}
