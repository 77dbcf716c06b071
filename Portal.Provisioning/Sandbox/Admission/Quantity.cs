using System.Globalization;
using System.Numerics;

namespace Portal.Provisioning.Sandbox;

/// <summary>Kubernetes quantities (<c>500m</c>, <c>1Gi</c>): exact amounts in thousandths, and the spelling that the API server stores.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, BigInteger Factor)[] s_binary =
        [("Ei", BigInteger.Pow(1024, 6)), ("Pi", BigInteger.Pow(1024, 5)), ("Ti", BigInteger.Pow(1024, 4)), ("Gi", BigInteger.Pow(1024, 3)), ("Mi", 1024 * 1024), ("Ki", 1024)];

    private static readonly (string Suffix, BigInteger Factor)[] s_decimal =
        [("E", BigInteger.Pow(1000, 6)), ("P", BigInteger.Pow(1000, 5)), ("T", BigInteger.Pow(1000, 4)), ("G", BigInteger.Pow(1000, 3)), ("M", 1000 * 1000), ("k", 1000), ("", 1)];

    /// <summary>The amount in thousandths, rounded up; null when the text is not a quantity.</summary>
    public static long? Milli(string? text)
    {
        if (string.IsNullOrEmpty(text) || Split(text) is not { } parts)
        {
            return null;
        }

        var (number, suffix) = parts;
        var scale = suffix switch
        {
            "m" => 1m,
            "u" => 0.001m,
            "n" => 0.000001m,
            _ => 1000m * (decimal)s_binary.Concat(s_decimal).First(unit => unit.Suffix == suffix).Factor,
        };
        try
        {
            return (long)Math.Ceiling(number * scale);
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
                return ((long)(whole / factor)).ToString(CultureInfo.InvariantCulture) + suffix;
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
        var known = suffix is "m" or "u" or "n" || s_binary.Concat(s_decimal).Any(unit => unit.Suffix == suffix);
        if (known && decimal.TryParse(text[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return (number, suffix);
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? (number, "") : null;
    }
}
