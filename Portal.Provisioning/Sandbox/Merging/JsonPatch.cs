using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>JSON patch (RFC 6902): add, remove, replace, move, copy and test.</summary>
internal static class JsonPatch
{
    public static JsonObject Apply(JsonObject target, JsonArray patch)
    {
        JsonNode? root = target;
        foreach (var operation in patch.OfType<JsonObject>())
        {
            var path = Pointer(operation, "path");
            switch (operation.Text("op"))
            {
                case "add":
                    Put(ref root, path, operation["value"]?.DeepClone(), insert: true);
                    break;
                case "replace":
                    _ = Read(root, path);
                    Put(ref root, path, operation["value"]?.DeepClone(), insert: false);
                    break;
                case "remove":
                    Remove(root, path);
                    break;
                case "copy":
                    Put(ref root, path, Read(root, Pointer(operation, "from"))?.DeepClone(), insert: true);
                    break;
                case "move":
                    var moved = Read(root, Pointer(operation, "from"))?.DeepClone();
                    Remove(root, Pointer(operation, "from"));
                    Put(ref root, path, moved, insert: true);
                    break;
                case "test":
                    if (!JsonNode.DeepEquals(Read(root, path), operation["value"]))
                    {
                        throw Refused($"testing value {operation.Text("path")} failed");
                    }

                    break;
                default:
                    throw ApiFault.BadRequest($"json patch operation \"{operation.Text("op")}\" is not known");
            }
        }

        return root as JsonObject ?? throw Refused("the patched value is not an object");
    }

    private static string[] Pointer(JsonObject operation, string field)
    {
        var text = operation.Text(field) ?? throw ApiFault.BadRequest($"json patch operation lacks \"{field}\"");
        if (text.Length > 0 && text[0] != '/')
        {
            throw ApiFault.BadRequest($"json pointer \"{text}\" does not start with /");
        }

        return text.Length == 0
            ? []
            : [.. text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Read(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                JsonObject map when map.ContainsKey(step) => map[step],
                JsonArray list => list[Index(list, step, list.Count - 1)],
                _ => throw Refused($"path /{string.Join('/', path.ToArray())} does not exist"),
            };
        }

        return node;
    }

    private static void Put(ref JsonNode? root, ReadOnlySpan<string> path, JsonNode? value, bool insert)
    {
        if (path.IsEmpty)
        {
            root = value;
            return;
        }

        switch (Read(root, path[..^1]))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list when insert:
                list.Insert(path[^1] == "-" ? list.Count : Index(list, path[^1], list.Count), value);
                break;
            case JsonArray list:
                list[Index(list, path[^1], list.Count - 1)] = value;
                break;
            default:
                throw Refused($"path /{string.Join('/', path.ToArray())} does not exist");
        }
    }

    private static void Remove(JsonNode? root, ReadOnlySpan<string> path)
    {
        _ = Read(root, path);
        switch (path.IsEmpty ? null : Read(root, path[..^1]))
        {
            case JsonObject map:
                map.Remove(path[^1]);
                break;
            case JsonArray list:
                list.RemoveAt(Index(list, path[^1], list.Count - 1));
                break;
            default:
                throw Refused("the whole object cannot be removed");
        }
    }

    private static int Index(JsonArray list, string step, int highest) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= highest
            ? index
            : throw Refused($"index {step} is outside of the list of {list.Count}");

    private static ApiFault Refused(string why) => ApiFault.Unprocessable(why);
}
