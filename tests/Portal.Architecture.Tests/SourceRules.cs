using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests;

/// <summary>Rules over files. Each takes what it judges and answers the offences, so that a control can show that it bites.</summary>
internal static partial class SourceRules
{
    private const int MaxLines = 300;

    // A layer of the product: frontend, gateway, publish and consume. The glossary's word, not a drawer.
    private const string ServicesLayer = "Portal.Provisioning/Blueprint/Services/";

    private static readonly string[] s_bannedFolders = ["Common", "Helpers", "Utils", "Utilities", "Managers", "Services", "Interfaces", "Misc", "Shared"];

    private static readonly string[] s_topLevelFolders = ["Portal.Core", "Portal.Provisioning", "Portal.Jobs", "Portal.Web", "tests", "deploy", "docs"];

    public static IEnumerable<string> AsyncVoid(IEnumerable<SourceFile> files) => Matches(files, AsyncVoidPattern());

    public static IEnumerable<string> EmptyCatch(IEnumerable<SourceFile> files) => Matches(files, EmptyCatchPattern());

    public static IEnumerable<string> DefaultedToken(IEnumerable<SourceFile> files) => Matches(files, DefaultedTokenPattern());

    public static IEnumerable<string> Unfinished(IEnumerable<SourceFile> files) => Matches(files, UnfinishedPattern());

    public static IEnumerable<string> DatabaseInComponents(IEnumerable<SourceFile> files) =>
        Matches(files.Where(file => file.Path.StartsWith("Portal.Web/Components/", StringComparison.Ordinal)), DatabasePattern());

    public static IEnumerable<string> RadzenOutsideComponents(IEnumerable<SourceFile> files) =>
        Matches(files.Where(file => !file.Path.StartsWith("Portal.Web/Components/", StringComparison.Ordinal)), RadzenPattern());

    public static IEnumerable<string> TooLong(IEnumerable<SourceFile> files) =>
        files.Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file.Path, Count: file.Lines.Count()))
            .Where(file => file.Count > MaxLines + 1)
            .Select(file => $"{file.Path} has {file.Count} lines; split it at {MaxLines}");

    public static IEnumerable<string> BannedFolders(IEnumerable<SourceFile> files) =>
        files.Where(file => !file.Path.StartsWith(ServicesLayer, StringComparison.Ordinal)).SelectMany(file => file.Path.Split('/')[..^1].Where(folder => s_bannedFolders.Contains(folder)).Select(folder => $"{file.Path}: {folder} says nothing"))
            .Distinct();

    public static IEnumerable<string> UnknownTopLevelFolders(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Path.Contains('/'))
            .Select(file => file.Path.Split('/')[0])
            .Distinct()
            .Where(folder => !folder.StartsWith('.') && !s_topLevelFolders.Contains(folder));

    /// <summary>Paths of somebody's machine and hosts of somebody's package mirror: both break every other machine.</summary>
    public static IEnumerable<string> MachineTraces(IEnumerable<SourceFile> files) => Matches(files, MachinePathPattern()).Concat(Matches(files, RegistryPattern()));

    private static IEnumerable<string> Matches(IEnumerable<SourceFile> files, Regex pattern) =>
        from file in files
        from match in pattern.Matches(file.Text)
        select $"{file.Path}:{file.Text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value.Trim()}";

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoidPattern();

    [GeneratedRegex(@"\bcatch\b\s*(\([^)]*\)\s*)?(when\s*\(.*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatchPattern();

    [GeneratedRegex(@"\bCancellationToken\??\s+\w+\s*=\s*\w+")]
    private static partial Regex DefaultedTokenPattern();

    [GeneratedRegex(@"\bNotImplementedException\b|//\s*(TODO|FIXME|HACK)\b")]
    private static partial Regex UnfinishedPattern();

    [GeneratedRegex(@"\b(\w*DbContext|PortalSessions?|EntityFrameworkCore)\b")]
    private static partial Regex DatabasePattern();

    [GeneratedRegex(@"\busing\s+Radzen\b|@using\s+Radzen\b|<Radzen\w+")]
    private static partial Regex RadzenPattern();

    [GeneratedRegex(@"(?<![\w.$}/-])/(home|root|Users|work/(h|main|shared|hub\.git))/(?!grafana\b|nonroot\b)[\w.-]+")]
    private static partial Regex MachinePathPattern();

    [GeneratedRegex(@"https?://[\w.-]*(artifactory|jfrog|nexus|pypi|npmjs|goproxy|packagesource)[\w.-]*", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryPattern();
}
