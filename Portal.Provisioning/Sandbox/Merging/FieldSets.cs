using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Computes field sets from objects: what an object sets, and where two objects differ.</summary>
internal static class FieldSets
{
    // What the server itself keeps: nobody owns it.
    private static readonly string[] s_systemMetadata =
    [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink", "managedFields", "generateName",
    ];

    private static readonly FieldSet s_system = FieldSet.Of(false,
    [
        new(PathElement.Field("apiVersion"), FieldSet.Leaf),
        new(PathElement.Field("kind"), FieldSet.Leaf),
        new(PathElement.Field("metadata"), FieldSet.Of(false, s_systemMetadata.Select(name =>
            new KeyValuePair<string, FieldSet>(PathElement.Field(name), FieldSet.Leaf)))),
    ]);

    /// <summary>Every path that the object sets.</summary>
    public static FieldSet Of(SchemaNode schema, JsonObject root) => OfChildren(schema, root, member: false).Without(s_system);

    /// <summary>The paths whose values differ or exist only in the second object.</summary>
    public static FieldSet Changed(SchemaNode schema, JsonObject before, JsonObject after) =>
        ChangedBelow(schema, before, after).Without(s_system);

    private static FieldSet OfValue(SchemaNode node, JsonNode? value, bool member)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when node.IsGranular:
                return OfChildren(node, map, member);
            case JsonArray list when !node.AsList().Atomic && (node.IsKeyedList || node.IsSet):
                return OfItems(node, list, member);
            default:
                return FieldSet.Leaf;
        }
    }

    private static FieldSet OfChildren(SchemaNode node, JsonObject map, bool member)
    {
        var (elements, sets, count) = (new string[map.Count], new FieldSet[map.Count], 0);
        for (var i = 0; i < map.Count; i++)
        {
            var (name, value) = map.GetAt(i);
            if (OfValue(node.Child(name), value, member: !node.Declares(name)) is { IsEmpty: false } child)
            {
                elements[count] = PathElement.Field(name);
                sets[count++] = child;
            }
        }

        return FieldSet.Of(member, elements, sets, count);
    }

    private static FieldSet OfItems(SchemaNode node, JsonArray list, bool member)
    {
        var children = new List<KeyValuePair<string, FieldSet>>(list.Count);
        foreach (var item in list)
        {
            if (PathElement.OfItem(node, item) is { } element)
            {
                children.Add(new(element, node.IsKeyedList ? OfValue(node.Item!, item, member: true) : FieldSet.Leaf));
            }
        }

        return list.Count == 0 ? FieldSet.Leaf : FieldSet.Of(member, children);
    }

    private static FieldSet ChangedBelow(SchemaNode node, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject oldMap && after is JsonObject newMap && node.IsGranular)
        {
            return FieldSet.Of(false, newMap.Select(field => new KeyValuePair<string, FieldSet>(
                PathElement.Field(field.Key),
                oldMap.ContainsKey(field.Key)
                    ? ChangedBelow(node.Child(field.Key), oldMap[field.Key], field.Value)
                    : OfValue(node.Child(field.Key), field.Value, member: !node.Declares(field.Key)))));
        }

        if (before is JsonArray oldList && after is JsonArray newList && (node.IsKeyedList || node.IsSet))
        {
            return ChangedItems(node, oldList, newList);
        }

        return JsonNode.DeepEquals(before, after) ? FieldSet.Empty : OfValue(node, after, member: false);
    }

    private static FieldSet ChangedItems(SchemaNode node, JsonArray oldList, JsonArray newList)
    {
        var old = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in oldList)
        {
            if (PathElement.OfItem(node, item) is { } element)
            {
                old[element] = item;
            }
        }

        var children = new List<KeyValuePair<string, FieldSet>>();
        foreach (var item in newList)
        {
            if (PathElement.OfItem(node, item) is not { } element)
            {
                continue;
            }

            var changed = !old.TryGetValue(element, out var match)
                ? node.IsKeyedList ? OfValue(node.Item!, item, member: true) : FieldSet.Leaf
                : node.IsKeyedList ? ChangedBelow(node.Item!, match, item) : FieldSet.Empty;
            children.Add(new(element, changed));
        }

        return FieldSet.Of(false, children);
    }
}
