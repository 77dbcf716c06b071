using System.Text.Json.Nodes;

namespace Portal.Web.Models;

/// <summary>Routes as people write them, one on each line: <c>/api -> gateway</c>, or <c>/api x-canary: 1 -> publish</c> for requests with that header.</summary>
public static class RouteLines
{
    private const string Arrow = "->";

    public static string Write(JsonArray routes) => string.Join('\n', routes.OfType<JsonObject>().Select(route =>
        route["header"] is { } header ? $"{route["path"]} {header}: {route["value"]} {Arrow} {route["service"]}" : $"{route["path"]} {Arrow} {route["service"]}"));

    /// <summary>Null when a line cannot be read.</summary>
    public static JsonArray? Read(string text, IReadOnlyList<string> services)
    {
        var routes = new JsonArray();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadLine(line, services) is not { } route)
            {
                return null;
            }

            routes.Add((JsonNode)route);
        }

        return routes;
    }

    private static JsonObject? ReadLine(string line, IReadOnlyList<string> services)
    {
        var sides = line.Split(Arrow, 2, StringSplitOptions.TrimEntries);
        var when = sides[0].Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sides.Length != 2 || when.Length == 0 || !services.Contains(sides[1]))
        {
            return null;
        }

        var route = new JsonObject { ["path"] = when[0], ["service"] = sides[1] };
        if (when.Length == 2)
        {
            var header = when[1].Split(':', 2, StringSplitOptions.TrimEntries);
            if (header.Length != 2)
            {
                return null;
            }

            (route["header"], route["value"]) = (header[0].ToLowerInvariant(), header[1]);
        }

        return route;
    }
}
