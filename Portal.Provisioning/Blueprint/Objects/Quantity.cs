using System.Globalization;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Amounts as Kubernetes writes them.</summary>
internal static class Quantity
{
    public static string Millicores(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount}m");

    public static string MiB(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount}Mi");

    public static string GiB(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount}Gi");

    /// <summary>Reads back an amount that this class wrote: millicores, or MiB.</summary>
    public static long Read(string quantity) => quantity switch
    {
        [.. var digits, 'G', 'i'] => Number(digits) * 1024,
        [.. var digits, 'M', 'i'] => Number(digits),
        [.. var digits, 'm'] => Number(digits),
        _ => throw new FormatException($"{quantity} is not an amount that the blueprint writes."),
    };

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
