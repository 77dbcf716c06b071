using System.Globalization;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Web.Api;

/// <summary>Reads query parameters and collects what cannot be read.</summary>
internal sealed class QueryReader(HttpRequest request)
{
    public List<Error> Errors { get; } = [];

    public string? Text(string name) => request.Query[name] is { Count: > 0 } values && values[^1] is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => Read<bool>(name, bool.TryParse, "true or false") ?? false;

    public TEnum? Word<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var words = QueryField.WordsOf<TEnum>();
        return Read(name, (string text, out TEnum value) =>
        {
            value = default;
            return words.Contains(text) && Enum.TryParse(text, ignoreCase: true, out value);
        }, string.Join(", ", words));
    }

    public T? Id<T>(string name, Func<string, T?> parse, string allowed)
        where T : struct
    {
        return Read(name, (string text, out T value) =>
        {
            var parsed = parse(text);
            value = parsed ?? default;
            return parsed is not null;
        }, allowed);
    }

    public PageRequest Page() => new(Number("skip", 0, 0, int.MaxValue), Number("take", 50, 1, 200));

    private int Number(string name, int missing, int min, int max) => Read(name, (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        max == int.MaxValue ? $"a whole number from {min}" : $"a whole number from {min} to {max}") ?? missing;

    private T? Read<T>(string name, TryParse<T> parse, string allowed)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Errors.Add(BodyErrors.BadParameter(name, text, allowed));
        return null;
    }

    private delegate bool TryParse<T>(string text, out T value);
}
