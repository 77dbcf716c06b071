using System.Runtime.CompilerServices;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>
/// The whole output for each preset, one file for each object, so that a change of the blueprint is read as a change of its files.
/// PORTAL_ACCEPT_SNAPSHOTS=1 writes them anew, and still fails the run; a build server (CI) never accepts.
/// </summary>
public sealed class SnapshotTests
{
    private const string Accept = "PORTAL_ACCEPT_SNAPSHOTS";

    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public void Output_OfAPreset_IsTheAcceptedOne(Preset preset)
    {
        var folder = Path.Combine(SourceFolder(), "Snapshots", preset.ToString().ToLowerInvariant());
        var rendered = Rendered(preset);
        var accepted = Accepted(folder);

        var differing = rendered.Keys.Union(accepted.Keys).Where(path => rendered.GetValueOrDefault(path) != accepted.GetValueOrDefault(path)).Order(StringComparer.Ordinal).ToList();

        if (differing.Count > 0 && Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, $"{Accept} is refused on a build server.");
            Write(folder, rendered);
        }

        Assert.True(differing.Count == 0, $"{differing.Count} files differ. Look at them with git after a run with {Accept}=1.\n{string.Join('\n', differing.Take(20).Select(path => Difference(path, rendered, accepted)))}");
    }

    private static Dictionary<string, string> Rendered(Preset preset) => StackCase.Of(preset).Render().Manifests.ToDictionary(
        manifest => $"{manifest.Component.Slug()}/{manifest.Object.Kind.ToLowerInvariant()}-{manifest.Object.Name}.yaml",
        manifest => $"# early: {(manifest.Early ? "yes" : "no")}{(manifest.Generated is { } generated ? $", generated: {string.Join("; ", generated)}" : "")}\n{YamlText.Of(manifest.Object.Root)}",
        StringComparer.Ordinal);

    private static Dictionary<string, string> Accepted(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal)
        : [];

    private static void Write(string folder, Dictionary<string, string> rendered)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var (path, text) in rendered)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static string Difference(string path, Dictionary<string, string> rendered, Dictionary<string, string> accepted)
    {
        if (!accepted.TryGetValue(path, out var before) || !rendered.TryGetValue(path, out var after))
        {
            return $"{path}: {(accepted.ContainsKey(path) ? "no longer rendered" : "new")}";
        }

        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(old.Length, now.Length)).FirstOrDefault(i => old[i] != now[i], Math.Min(old.Length, now.Length) - 1);
        return $"{path}, line {line + 1}: accepted \"{old[line].Trim()}\", rendered \"{now[line].Trim()}\"";
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
