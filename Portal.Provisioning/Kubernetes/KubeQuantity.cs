using System.Globalization;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads a Kubernetes quantity, for example <c>10Gi</c> or <c>500M</c>, as a number of base units.</summary>
/// <remarks>Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/</remarks>
internal static class KubeQuantity
{
    private static readonly Unit s_one = new("", 1);

    private static readonly Unit[] s_units =
    [
        new("Ki", 1L << 10), new("Mi", 1L << 20), new("Gi", 1L << 30), new("Ti", 1L << 40), new("Pi", 1L << 50), new("Ei", 1L << 60),
        new("n", 1e-9m), new("u", 1e-6m), new("m", 0.001m), new("k", 1e3m), new("M", 1e6m), new("G", 1e9m), new("T", 1e12m), new("P", 1e15m), new("E", 1e18m),
    ];

    /// <exception cref="FormatException">The text is no quantity.</exception>
    public static decimal Parse(string? text)
    {
        var unit = Array.Find(s_units, known => text?.EndsWith(known.Suffix, StringComparison.Ordinal) == true) ?? s_one;
        return decimal.TryParse(text?[..^unit.Suffix.Length], NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? number * unit.Factor
            : throw new FormatException($"\"{text}\" is no quantity.");
    }

    private sealed record Unit(string Suffix, decimal Factor);
}
