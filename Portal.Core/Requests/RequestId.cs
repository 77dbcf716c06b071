namespace Portal.Core.Requests;

/// <summary>Number of a request, given by the database: people quote it.</summary>
public readonly record struct RequestId(long Value)
{
    public static RequestId? Parse(string? text) =>
        long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value > 0 ? new(value) : null;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
