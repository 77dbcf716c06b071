namespace Portal.Provisioning.Health;

/// <summary>What a container wrote before it ended, its termination message: what was the case and, in a last line of its own, what to do about it.</summary>
/// <remarks>The scripts of the stack write such a line. All words of other programs are what was the case.</remarks>
internal static class LastWords
{
    private const string ToDo = "\nTo do: ";

    public static (string What, string? Step) Of(string? message)
    {
        var text = (message ?? "").Trim().ReplaceLineEndings("\n");
        return text.LastIndexOf(ToDo, StringComparison.Ordinal) is > 0 and var at && text[(at + ToDo.Length)..] is { Length: > 0 } step && !step.Contains('\n', StringComparison.Ordinal)
            ? (text[..at], step)
            : (text, null);
    }
}
