using System.Text.RegularExpressions;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads the server's words about fields that other managers own.</summary>
/// <remarks>
/// The server names a manager as <c>"kubectl-edit" using apps/v1 at 2026-01-05T09:00:00Z</c> when it updates, with
/// <c>with subresource "scale"</c> before "using" when it does so through one, and as <c>"argocd"</c> alone when it applies.
/// </remarks>
internal static partial class FieldConflictText
{
    private const string Reason = "FieldManagerConflict";

    public static bool IsConflict(StatusCause cause) => cause.Reason == Reason;

    /// <summary>From the causes, one a field; from the message when a server sends none.</summary>
    public static IReadOnlyList<FieldConflict> Read(string message, List<StatusCause> causes)
    {
        var told = causes.Where(IsConflict).Select(cause => Of(Named().Match(cause.Message), cause.Message, cause.Field)).ToList();
        return told.Count > 0 ? told : FromMessage(message);
    }

    private static List<FieldConflict> FromMessage(string message)
    {
        if (Single().Match(message) is { Success: true } one)
        {
            return [Of(one, message, one.Groups["field"].Value.Trim())];
        }

        var found = new List<FieldConflict>();
        Match? manager = null;
        foreach (var line in message.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("- ", StringComparison.Ordinal) && manager is not null)
            {
                found.Add(Of(manager, message, line[2..]));
            }
            else if (Named().Match(line) is { Success: true } next)
            {
                manager = next;
            }
        }

        return found;
    }

    private static FieldConflict Of(Match manager, string words, string field)
    {
        if (!manager.Success)
        {
            // Somebody owns it, whoever that is: the field must not get lost because the words are new.
            return new FieldConflict(words.Replace("conflict with ", "", StringComparison.Ordinal).Trim(), null, null, field);
        }

        var version = manager.Groups["version"] is { Success: true, Value: var named } ? named : null;
        return new FieldConflict(manager.Groups["manager"].Value.Replace("\\\"", "\"", StringComparison.Ordinal), version is null ? "Apply" : "Update", version, field)
        {
            Subresource = manager.Groups["subresource"] is { Success: true, Value: var through } ? through : null,
        };
    }

    private const string Manager = """conflicts? with "(?<manager>(?:[^"\\]|\\.)*)"(?: with subresource "(?<subresource>[^"]*)")?(?: using (?<version>[^\s:]+))?(?: at [0-9TZ:.+-]+?)?""";

    [GeneratedRegex(Manager + "(?::|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex("Apply failed with 1 conflict: " + Manager + ": (?<field>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Single();
}
