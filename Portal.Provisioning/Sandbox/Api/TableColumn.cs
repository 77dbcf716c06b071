using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>One column of a table: its head and how a cell is read from an object.</summary>
/// <param name="Wide">Shown only by <c>kubectl get -o wide</c>.</param>
internal sealed record TableColumn(string Name, Func<JsonObject, string?> Cell, bool Wide = false, bool IsAge = false)
{
    public static readonly TableColumn Age = new("Age", item => item.Map("metadata")?.Text("creationTimestamp"), IsAge: true);

    public static JsonObject NameHead() => new() { ["name"] = "Name", ["type"] = "string", ["format"] = "name", ["description"] = "", ["priority"] = 0 };

    public JsonObject Describe() => new() { ["name"] = Name, ["type"] = "string", ["format"] = "", ["description"] = "", ["priority"] = Wide ? 1 : 0 };

    public string Print(JsonObject item, DateTimeOffset now) => IsAge ? Since(Cell(item), now) : Cell(item) ?? "<none>";

    private static string Since(string? created, DateTimeOffset now)
    {
        if (created is null)
        {
            return "<unknown>";
        }

        var age = now - DateTimeOffset.Parse(created, CultureInfo.InvariantCulture);
        return age switch
        {
            { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
            { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d"),
        };
    }
}
