using System.Text.Json;

namespace Portal.Web.Api;

/// <summary>One query parameter: what the document says about it and what is accepted.</summary>
/// <param name="Type">Its JSON Schema type.</param>
public sealed record QueryField(string Name, string Type, string Meaning, IReadOnlyList<string>? Words = null)
{
    public static QueryField Text(string name, string meaning) => new(name, "string", meaning);

    public static QueryField Number(string name, string meaning) => new(name, "integer", meaning);

    public static QueryField Flag(string name, string meaning) => new(name, "boolean", meaning);

    public static QueryField Word(string name, string meaning, IReadOnlyList<string> words) => new(name, "string", meaning, words);

    public static QueryField Word<TEnum>(string name, string meaning)
        where TEnum : struct, Enum => new(name, "string", meaning, WordsOf<TEnum>());

    public static IReadOnlyList<string> WordsOf<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
}

/// <summary>Metadata of an endpoint: every query parameter that it takes. Others are refused.</summary>
public sealed record QueryFields(IReadOnlyList<QueryField> All)
{
    public static IReadOnlyList<QueryField> Paging { get; } =
        [QueryField.Number("skip", "How many to leave out from the start. 0 when absent."), QueryField.Number("take", "How many to return, 1 to 200. 50 when absent.")];
}
