using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What the real server keeps of an object: its storage format has no empty lists and maps, so they are gone when the object is read.</summary>
/// <remarks>
/// Whoever applies one again changes the object again, generation included, since the server compares before it stores. Empty structures,
/// such as an emptyDir or a selector, do stay; so does everything in custom resources, which are stored as they came.
/// </remarks>
internal static class StorageForm
{
    public static void Reduce(ResourceKind kind, JsonObject root)
    {
        if (kind != Kinds.VerticalPodAutoscaler)
        {
            Reduce(kind.Schema, root);
        }
    }

    private static void Reduce(SchemaNode node, JsonObject map)
    {
        List<string>? empty = null;
        for (var i = 0; i < map.Count; i++)
        {
            var (key, value) = map.GetAt(i);
            var child = node.Child(key);
            switch (value)
            {
                case JsonArray { Count: 0 } when child.Shape == SchemaShape.List && !child.Required:
                case JsonObject { Count: 0 } when child.Shape == SchemaShape.Map && !child.Required:
                    (empty ??= []).Add(key);
                    break;
                case JsonObject inner when child.Shape is SchemaShape.Object or SchemaShape.Map:
                    Reduce(child, inner);
                    break;
                case JsonArray list when child.Item is { Shape: SchemaShape.Object } item:
                    for (var at = 0; at < list.Count; at++)
                    {
                        if (list[at] is JsonObject each)
                        {
                            Reduce(item, each);
                        }
                    }

                    break;
            }
        }

        empty?.ForEach(key => map.Remove(key));
    }
}
