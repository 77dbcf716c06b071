using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Health;

/// <summary>A file in Fixtures: an object, below the health that it must have.</summary>
/// <remarks>
/// The first lines say what is expected: <c># expect:</c> the health, <c># says:</c> words of the message, and where there is one
/// <c># cause:</c>, <c># lasting:</c> and <c># next:</c> words of the next step. A file in Fixtures/Events holds the object under
/// <c>object</c> and what the cluster said in its namespace under <c>events</c>.
/// </remarks>
internal sealed record HealthFixture(
    string Name, KubeObject Live, IReadOnlyList<KubeObject> Events, HealthStatus Expected, string Says, HealthCause Cause, bool? Lasting, string? Next)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Health", "Fixtures");

    public static IReadOnlyList<HealthFixture> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];

    public HealthReport Assess() => ObjectHealth.Assess(Live, Events);

    private static HealthFixture Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var content = ManifestYaml.Read(string.Join('\n', lines));
        return new(
            Path.GetRelativePath(Folder, file)[..^".yaml".Length],
            content.At("object") is JsonObject about ? new KubeObject(about) : content,
            [.. content.Items("events").Select(said => new KubeObject(said))],
            Enum.Parse<HealthStatus>(Header(lines, "expect") ?? throw new FormatException($"{file} expects nothing.")),
            Header(lines, "says") ?? throw new FormatException($"{file} says nothing."),
            Enum.Parse<HealthCause>(Header(lines, "cause") ?? nameof(HealthCause.None)),
            Header(lines, "lasting") is { } lasting ? bool.Parse(lasting) : null,
            Header(lines, "next"));
    }

    private static string? Header(string[] lines, string name) => lines.TakeWhile(line => line.StartsWith('#'))
        .FirstOrDefault(line => line.StartsWith($"# {name}: ", StringComparison.Ordinal))?[(name.Length + 4)..];
}
