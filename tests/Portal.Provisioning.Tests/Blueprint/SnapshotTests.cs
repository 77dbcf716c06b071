using System.Runtime.CompilerServices;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>
/// The whole output for each preset, one file for each object, so that a change of the blueprint is read as a change of its files. For every
/// other case (purposes, clusters, what no preset asks for) the files that differ from those of its preset, and the names of those that are missing.
/// PORTAL_ACCEPT_SNAPSHOTS=1 writes them anew, and still fails the run; a build server (CI) never accepts.
/// </summary>
public sealed class SnapshotTests
{
    private const string Accept = "PORTAL_ACCEPT_SNAPSHOTS";
    private const string Missing = "missing.txt";

    public static TheoryData<string> Cases => StackCase.Names;

    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public void Output_OfAPreset_IsTheAcceptedOne(Preset preset) =>
        Compare(preset.ToString().ToLowerInvariant(), Rendered(StackCase.Of(preset)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_OfACase_DiffersFromItsPresetAsAccepted(string name)
    {
        var each = StackCase.Named(name);
        var usual = Rendered(StackCase.Of(each.Spec.Preset));
        var rendered = Rendered(each);
        var differing = rendered.Where(file => usual.GetValueOrDefault(file.Key) != file.Value).ToDictionary(StringComparer.Ordinal);
        var missing = usual.Keys.Except(rendered.Keys).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            differing[Missing] = string.Join('\n', missing) + '\n';
        }

        Compare(Path.Combine("cases", name), differing);
    }

    private static void Compare(string name, Dictionary<string, string> rendered)
    {
        var folder = Path.Combine(SourceFolder(), "Snapshots", name);
        var accepted = Accepted(folder);

        var differing = rendered.Keys.Union(accepted.Keys).Where(path => rendered.GetValueOrDefault(path) != accepted.GetValueOrDefault(path)).Order(StringComparer.Ordinal).ToList();

        if (differing.Count > 0 && Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, $"{Accept} is refused on a build server.");
            Write(folder, rendered);
        }

        Assert.True(differing.Count == 0, $"{differing.Count} files differ. Look at them with git after a run with {Accept}=1.\n{string.Join('\n', differing.Take(20).Select(path => Difference(path, rendered, accepted)))}");
    }

    private static Dictionary<string, string> Rendered(StackCase each) => each.Render().Manifests.ToDictionary(
        manifest => $"{manifest.Component.Slug()}/{manifest.Object.Kind.ToLowerInvariant()}-{manifest.Object.Name}.yaml",
        manifest => $"# early: {(manifest.Early ? "yes" : "no")}{(manifest.Generated is { } generated ? $", generated: {string.Join("; ", generated)}" : "")}\n{YamlText.Of(manifest.Object.Root)}",
        StringComparer.Ordinal);

    private static Dictionary<string, string> Accepted(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
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
