using System.Diagnostics;

namespace Portal.Architecture.Tests;

/// <summary>A file of the repository with its text, path relative to the root with forward slashes.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<string> Lines => Text.Split('\n').Select(line => line.TrimEnd('\r'));
}

/// <summary>What is in the repository: the files that git tracks, or would track.</summary>
public static class Repository
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> s_files = new(Read);

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files => s_files.Value;

    /// <summary>The projects that are the portal itself.</summary>
    public static IReadOnlyList<string> Projects { get; } = ["Portal.Core", "Portal.Provisioning", "Portal.Jobs", "Portal.Web"];

    /// <summary>C# and Razor files of the portal itself.</summary>
    public static IEnumerable<SourceFile> Source =>
        Files.Where(file => Projects.Any(project => file.Path.StartsWith(project + "/", StringComparison.Ordinal))
            && (file.Path.EndsWith(".cs", StringComparison.Ordinal) || file.Path.EndsWith(".razor", StringComparison.Ordinal)));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Portal.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("These tests read the sources: run them inside the repository.");
        }

        return directory.FullName;
    }

    private static List<SourceFile> Read()
    {
        using var git = Process.Start(new ProcessStartInfo("git")
        {
            // The owner of a checkout may differ from the user who tests it, in a container for example; only names are read.
            ArgumentList = { "-c", $"safe.directory={Root}", "-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard" },
            RedirectStandardOutput = true,
        })!;
        var names = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. names.Distinct().Where(name => File.Exists(Path.Combine(Root, name))).Select(name => new SourceFile(name, File.ReadAllText(Path.Combine(Root, name))))]
            : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}.");
    }
}
