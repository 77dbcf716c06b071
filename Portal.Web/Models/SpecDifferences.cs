using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Web.Models;

/// <summary>One field of the spec that would change. Values are as the API spells them; an empty one is not set.</summary>
public sealed record SpecDifference(string Path, string From, string To);

/// <summary>Two specs compared field by field.</summary>
public static class SpecDifferences
{
    public static IReadOnlyList<SpecDifference> Of(EnvironmentSpec from, EnvironmentSpec to)
    {
        var before = Fields(SpecJson.ToObject(from), "").ToDictionary();
        var after = Fields(SpecJson.ToObject(to), "").ToDictionary();
        return
        [
            .. before.Keys.Union(after.Keys)
                .Select(path => new SpecDifference(path, before.GetValueOrDefault(path, ""), after.GetValueOrDefault(path, "")))
                .Where(difference => difference.From != difference.To),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(JsonNode? node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Fields(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}")),
        JsonArray items => [new(path, string.Join(", ", items.Select(item => item?.ToString())))],
        _ => [new(path, node?.ToString() ?? "")],
    };
}
