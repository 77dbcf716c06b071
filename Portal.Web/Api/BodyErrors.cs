using System.Text.Json;
using Portal.Core.Results;

namespace Portal.Web.Api;

/// <summary>What can be wrong with a body or a query before any rule looks at it.</summary>
internal static class BodyErrors
{
    public static Error NotJson(JsonException unreadable) => new("body.json", ErrorKind.Malformed,
        $"The body is not JSON that can be read, at line {(unreadable.LineNumber ?? 0) + 1}, byte {(unreadable.BytePositionInLine ?? 0) + 1}.");

    public static Error NotAnObject() => new("body.object", ErrorKind.Malformed, "The body has to be a JSON object.");

    public static Error UnknownField(string field, IEnumerable<string> allowed) => new("body.field.unknown", ErrorKind.Malformed,
        $"There is no field \"{field}\". Fields here are: {string.Join(", ", allowed)}.", field);

    public static Error Missing(string field, string allowed) => new("body.field.missing", ErrorKind.Malformed,
        $"\"{field}\" is missing. Send {allowed}.", field);

    public static Error UnknownParameter(string name, IReadOnlyCollection<string> allowed) => new("query.unknown", ErrorKind.Malformed,
        $"There is no query parameter \"{name}\". {(allowed.Count == 0 ? "There are none here." : $"Allowed here: {string.Join(", ", allowed)}.")}", name);

    public static Error BadParameter(string name, string value, string allowed) => new("query.unreadable", ErrorKind.Malformed,
        $"The value \"{value}\" of \"{name}\" cannot be read. Allowed: {allowed}.", name);
}
