using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>Leaves fields to others: what is not sent is not taken.</summary>
internal static class FieldYield
{
    /// <summary>A copy of the manifest without the fields that differ in the live object and belong to one of the managers.</summary>
    public static KubeObject Without(KubeObject manifest, KubeObject live, IReadOnlySet<string> managers)
    {
        var places = new List<IReadOnlyList<PathStep>>();
        new FieldWalk(subset: true, (path, wanted, actual) =>
        {
            if (wanted is not null && actual is not null && FieldOwners.Of(live, path.Steps) is { } owner && managers.Contains(owner.Name))
            {
                places.Add([.. path.Steps]);
            }
        }).Run(manifest, live);
        var rest = manifest.Clone();

        // Backwards, so that taking an item out of a list does not move the places that come after it.
        for (var at = places.Count - 1; at >= 0; at--)
        {
            Remove(rest.Root, places[at]);
        }

        return rest;
    }

    private static void Remove(JsonNode root, IReadOnlyList<PathStep> steps)
    {
        var parent = steps.Take(steps.Count - 1).Aggregate((JsonNode?)root, Follow);
        var last = steps[^1];
        if (parent is JsonObject map && last.Field is { } field)
        {
            map.Remove(field);
        }
        else if (parent is JsonArray list && Follow(list, last) is { } item)
        {
            list.Remove(item);
        }
    }

    private static JsonNode? Follow(JsonNode? node, PathStep step) => (node, step) switch
    {
        (JsonObject map, { Field: { } field }) => map[field],
        (JsonArray list, { Item: { } item, Keys: { } keys }) => FieldShapes.Counterpart(list, item, keys),
        (JsonArray list, { Field: null, Item: null }) when step.Index < list.Count => list[step.Index],
        _ => null,
    };
}
