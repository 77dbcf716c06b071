using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Architecture.Tests;

/// <summary>docs/stack.md lists every parameter of a spec with what the presets begin with: a list that nobody checks would be wrong within a month.</summary>
public sealed class ParameterDocsTests
{
    private static readonly string[] s_services = ["frontend", "gateway", "publish", "consume"];
    private static readonly string[] s_told = ["purpose", "hostName"];

    private static readonly Dictionary<string, string[]> s_rows = Repository.Files.Single(file => file.Path == "docs/stack.md").Lines
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .Where(cells => cells.Length == 5)
        .ToDictionary(cells => cells[0].Trim('`'), cells => cells[2..], StringComparer.Ordinal);

    public static TheoryData<string> Parameters => [.. Values(Preset.Small).Keys];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Parameter_InTheDocs_HasTheValuesOfThePresets(string parameter)
    {
        var service = s_services.FirstOrDefault(name => parameter.StartsWith(name + ".", StringComparison.Ordinal));
        var common = service is null ? parameter : "SERVICE" + parameter[service.Length..];
        var isCommon = !s_rows.ContainsKey(parameter);
        Assert.True(s_rows.TryGetValue(isCommon ? common : parameter, out var told), $"docs/stack.md has no row for {parameter}.");
        if (s_told.Contains(parameter) || common == "SERVICE.image")
        {
            return;
        }

        Assert.Equal(Presets.All.Select(preset => Values(preset)[parameter]), told.Select(cell => cell.Replace("`", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Docs_NameNoParameterThatThereIsNot()
    {
        var known = Values(Preset.Small).Keys.Select(parameter => s_services.Aggregate(parameter, (name, service) =>
            name.StartsWith(service + ".", StringComparison.Ordinal) ? "SERVICE" + name[service.Length..] : name)).Concat(Values(Preset.Small).Keys).ToHashSet();

        Assert.DoesNotContain(s_rows.Keys, row => !known.Contains(row));
    }

    private static Dictionary<string, string> Values(Preset preset)
    {
        var spec = JsonNode.Parse(SpecJson.Write(Presets.Create(preset, Purpose.Development, "shop.apps.example")))!.AsObject();
        spec.Remove("version");
        spec.Remove("dayTwo");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk("", spec, values);
        return values;
    }

    private static void Walk(string path, JsonNode? node, Dictionary<string, string> values)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                Walk(path.Length == 0 ? name : $"{path}.{name}", value, values);
            }

            return;
        }

        values[path] = node switch
        {
            null => "none",
            JsonArray { Count: 0 } => "none",
            JsonArray list => string.Join(", ", list.Select(item => item is JsonObject route ? route["path"]!.ToString() : item!.ToString())),
            _ => node.ToString(),
        };
    }
}
