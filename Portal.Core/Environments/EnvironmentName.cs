using System.Text.RegularExpressions;
using Portal.Core.Results;

namespace Portal.Core.Environments;

/// <summary>The rule for an environment's name: a DNS label that leaves room for the team's slug before it.</summary>
public static partial class EnvironmentName
{
    public const int MaxLength = 30;

    public static Error? Check(string? name) =>
        name is not null && name.Length <= MaxLength && Label().IsMatch(name) ? null : EnvironmentErrors.BadName(name ?? "");

    /// <summary>The namespace of an environment: at most 51 characters, so always a DNS label.</summary>
    public static string Namespace(string team, string name) => $"{team}-{name}";

    /// <summary>The public host name that an environment gets when its owner names none.</summary>
    public static string DefaultHost(string team, string name) => $"{name}.{team}.portal.example";

    // RFC 1123 label; the first character is a letter because Service names, which derive from it, must begin with one.
    [GeneratedRegex(@"^[a-z][a-z0-9-]*[a-z0-9]\z")]
    private static partial Regex Label();
}
