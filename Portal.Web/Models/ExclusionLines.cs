using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Web.Models;

/// <summary>Exceptions from the firewall as people write them, one path on each line: <c>/api/editor 941100, 941160</c>.</summary>
public static class ExclusionLines
{
    public static string Write(JsonArray exclusions) => string.Join('\n', exclusions.OfType<JsonObject>().Select(exclusion =>
        $"{exclusion["path"]} {string.Join(", ", exclusion["ruleIds"]!.AsArray().Select(rule => rule!.ToString()))}"));

    /// <summary>Null when a line cannot be read.</summary>
    public static JsonArray? Read(string text)
    {
        var exclusions = new JsonArray();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            var rules = new JsonArray();
            foreach (var word in words[1..])
            {
                if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var rule))
                {
                    return null;
                }

                rules.Add((JsonNode)rule);
            }

            if (rules.Count == 0)
            {
                return null;
            }

            exclusions.Add((JsonNode)new JsonObject { ["path"] = words[0], ["ruleIds"] = rules });
        }

        return exclusions;
    }
}
