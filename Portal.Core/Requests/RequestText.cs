using Portal.Core.Results;

namespace Portal.Core.Requests;

/// <summary>The rule for free text that people write into a request or a decision.</summary>
internal static class RequestText
{
    public const int MaxLength = 2000;

    public static IEnumerable<Error> Check(string field, string? text) =>
        text is null || (text.Length <= MaxLength && UserText.IsStorable(text)) ? []
        : text.Length > MaxLength ? [RequestErrors.TextTooLong(field, MaxLength)]
        : [RequestErrors.TextUnstorable(field)];
}
