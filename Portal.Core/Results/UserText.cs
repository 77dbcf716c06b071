namespace Portal.Core.Results;

/// <summary>Text that people typed: whether it can be kept, and how a sentence repeats it.</summary>
internal static class UserText
{
    private const int QuoteLength = 80;

    /// <summary>No control characters but line breaks and tabs, and no half characters: PostgreSQL stores neither NUL nor those.</summary>
    public static bool IsStorable(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogatePair(text, at))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]) || (char.IsControl(text[at]) && text[at] is not ('\n' or '\r' or '\t')))
            {
                return false;
            }
        }

        return true;
    }

    public static string Shorten(string text, int max) => text.Length <= max ? text : text[..(max - 1)] + "…";

    /// <summary>The text in quotation marks, cut when it is long, so that a refusal stays a sentence.</summary>
    public static string Quote(string? text) =>
        text is { Length: > QuoteLength } ? $"\"{text[..QuoteLength]}…\"" : $"\"{text}\"";
}
