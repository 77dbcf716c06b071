using System.Globalization;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Amounts as Kubernetes writes them back, so that what was sent and what is read are the same text.</summary>
internal static class Quantity
{
    public static string Millicores(long amount) => amount % 1000 == 0 ? Text(amount / 1000) : $"{Text(amount)}m";

    public static string MiB(long amount) => amount % 1024 == 0 ? GiB(amount / 1024) : $"{Text(amount)}Mi";

    public static string GiB(long amount) => amount % 1024 == 0 && amount > 0 ? $"{Text(amount / 1024)}Ti" : $"{Text(amount)}Gi";

    /// <summary>A number without a unit: whole thousands are written with a suffix.</summary>
    public static string Count(long amount) => (amount % 1_000_000_000, amount % 1_000_000, amount % 1000) switch
    {
        (0, _, _) when amount > 0 => $"{Text(amount / 1_000_000_000)}G",
        (_, 0, _) when amount > 0 => $"{Text(amount / 1_000_000)}M",
        (_, _, 0) when amount > 0 => $"{Text(amount / 1000)}k",
        _ => Text(amount),
    };

    /// <summary>Reads back an amount that this class wrote: millicores, or MiB.</summary>
    public static long Read(string quantity) => quantity switch
    {
        [.. var digits, 'T', 'i'] => Number(digits) * 1024 * 1024,
        [.. var digits, 'G', 'i'] => Number(digits) * 1024,
        [.. var digits, 'M', 'i'] => Number(digits),
        [.. var digits, 'm'] => Number(digits),
        _ => Number(quantity) * 1000,
    };

    private static string Text(long amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
