using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Checks the types of a body against the schema and brings it into the form the API server stores: dropped dropped, quantities canonical.</summary>
/// <remarks>Fields that the schema does not know are taken out and told. A wrong type is a 400, as the real server's decoder answers.</remarks>
internal static class Decoder
{
    /// <returns>The paths of unknown fields, as <c>.spec.replicaz</c>.</returns>
    public static IReadOnlyList<string> Decode(ResourceKind kind, JsonObject root)
    {
        var unknown = new List<string>();
        Object(kind, kind.Schema, root, new FieldPath(), unknown);
        return unknown;
    }

    private static void Object(ResourceKind kind, SchemaNode node, JsonObject map, FieldPath path, List<string> unknown)
    {
        List<string>? dropped = null;
        List<(string Key, string Text)>? rewritten = null;
        for (var i = 0; i < map.Count; i++)
        {
            var (key, value) = map.GetAt(i);
            path.Enter(key);
            if (node.Shape == SchemaShape.Object && !node.Declares(key))
            {
                unknown.Add($".{path}");
                (dropped ??= []).Add(key);
            }
            else if (value is null || IsNoValue(node, key, value))
            {
                (dropped ??= []).Add(key);
            }
            else if (Value(kind, node.Child(key), value, path, unknown) is { } text)
            {
                (rewritten ??= []).Add((key, text));
            }

            path.Leave();
        }

        dropped?.ForEach(key => map.Remove(key));
        rewritten?.ForEach(change => map[change.Key] = change.Text);
    }

    /// <summary>The real server does not tell an empty value of an environment variable from none, and stores none.</summary>
    private static bool IsNoValue(SchemaNode node, string key, JsonNode value) => key == "value" && node.Type?.Name == "core.v1.EnvVar" && value.AsText() is "";

    /// <returns>The canonical text when the value has to be rewritten.</returns>
    private static string? Value(ResourceKind kind, SchemaNode node, JsonNode value, FieldPath path, List<string> unknown)
    {
        var actual = value.GetValueKind();
        var fits = node.Shape switch
        {
            SchemaShape.Text or SchemaShape.Time => actual == JsonValueKind.String,
            SchemaShape.Integer => actual == JsonValueKind.Number && IsWhole(value),
            SchemaShape.Number => actual == JsonValueKind.Number,
            SchemaShape.Flag => actual is JsonValueKind.True or JsonValueKind.False,
            SchemaShape.Quantity => actual is JsonValueKind.String or JsonValueKind.Number,
            SchemaShape.Object or SchemaShape.Map => actual == JsonValueKind.Object,
            SchemaShape.List => actual == JsonValueKind.Array,
            _ => true,
        };
        if (!fits)
        {
            throw ApiFault.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: json: cannot unmarshal {actual} into field {path} of type {node.Shape}");
        }

        switch (value)
        {
            case JsonObject map when node.Shape != SchemaShape.Any:
                Object(kind, node, map, path, unknown);
                return null;
            case JsonArray list when node.Shape == SchemaShape.List:
                for (var i = 0; i < list.Count; i++)
                {
                    path.Enter(i);
                    if (list[i] is { } item && Value(kind, node.Item!, item, path, unknown) is { } text)
                    {
                        list[i] = text;
                    }

                    path.Leave();
                }

                return null;
            default:
                return node.Shape == SchemaShape.Quantity ? Rewrite(kind, value, path) : null;
        }
    }

    private static string? Rewrite(ResourceKind kind, JsonNode value, FieldPath path)
    {
        var text = value.AsText() ?? value.ToJsonString();
        var canonical = Quantity.Canonical(text)
            ?? throw ApiFault.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' ({path}: \"{text}\")");
        return canonical == value.AsText() ? null : canonical;
    }

    private static bool IsWhole(JsonNode value) =>
        ((JsonValue)value).TryGetValue(out long _) || decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number);
}
