using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>Walks two objects side by side and tells where they differ.</summary>
/// <param name="subset">
/// Only what the left object says counts: what the right one has besides is not told, except inside of fields that are one value to the
/// API (an atomic list, a selector), because there the next apply replaces everything.
/// </param>
/// <param name="differs">Called with the place and both values; null is absent.</param>
internal sealed class FieldWalk(bool subset, Action<FieldPath, JsonNode?, JsonNode?> differs)
{
    private static readonly JsonObject s_nothing = [];

    private readonly FieldPath _path = new();

    public void Run(KubeObject left, KubeObject right) => Maps(left.Root, right.Root, atomic: false);

    private void Nodes(JsonNode? left, JsonNode? right, bool atomic)
    {
        if (ReferenceEquals(left, right))
        {
            return;
        }

        switch (left, right)
        {
            case (JsonValue mine, JsonValue theirs):
                if (!Scalars.Same(mine, theirs) && !(FieldShapes.IsQuantity(_path) && Scalars.SameQuantity(mine, theirs)))
                {
                    differs(_path, left, right);
                }

                break;
            case (JsonObject mine, JsonObject theirs):
                Maps(mine, theirs, atomic || FieldShapes.IsAtomicMap(_path.Field));
                break;
            case (JsonArray mine, JsonArray theirs):
                Lists(mine, theirs, atomic);
                break;
            case (JsonObject, null) or (null, JsonObject) when FieldShapes.IsTextMap(_path.Field):
                // Key by key, so that each of them is told, and each of a Secret's can be masked.
                Maps(left as JsonObject ?? s_nothing, right as JsonObject ?? s_nothing, atomic);
                break;
            default:
                if (!(IsEmpty(left) && IsEmpty(right)))
                {
                    differs(_path, left, right);
                }

                break;
        }
    }

    private void Maps(JsonObject left, JsonObject right, bool atomic)
    {
        foreach (var (field, value) in left)
        {
            if (!IsIgnored(field))
            {
                Step(PathStep.To(field), value, right.TryGetPropertyValue(field, out var other) ? other : null, atomic);
            }
        }

        if (subset && !atomic)
        {
            return;
        }

        foreach (var (field, value) in right)
        {
            if (!left.ContainsKey(field) && !IsIgnored(field) && !(subset && FieldShapes.IsDefaulted(field)))
            {
                Step(PathStep.To(field), null, value, atomic);
            }
        }
    }

    private void Lists(JsonArray left, JsonArray right, bool atomic)
    {
        var field = _path.Field;
        var whole = atomic || !FieldShapes.IsMerged(field);
        if (FieldShapes.KeysOf(field, left, right) is { } keys)
        {
            foreach (var item in left)
            {
                Step(PathStep.ToItem((JsonObject)item!, keys), item, FieldShapes.Counterpart(right, (JsonObject)item!, keys), whole);
            }

            foreach (var item in subset && !whole ? [] : right)
            {
                if (FieldShapes.Counterpart(left, (JsonObject)item!, keys) is null)
                {
                    Step(PathStep.ToItem((JsonObject)item!, keys), null, item, whole);
                }
            }

            return;
        }

        for (var at = 0; at < Math.Max(left.Count, right.Count); at++)
        {
            Step(PathStep.ToPlace(at), at < left.Count ? left[at] : null, at < right.Count ? right[at] : null, whole);
        }
    }

    private void Step(PathStep step, JsonNode? left, JsonNode? right, bool atomic)
    {
        _path.Push(step);
        Nodes(left, right, atomic);
        _path.Pop();
    }

    /// <summary>What the server keeps for itself, what controllers report, and our own mark.</summary>
    private bool IsIgnored(string field) => _path.Steps switch
    {
        [] => field is "status" or "apiVersion" or "kind",
        [{ Field: "metadata" }] => field is "managedFields" or "resourceVersion" or "uid" or "generation" or "creationTimestamp" or "selfLink",
        [{ Field: "metadata" }, { Field: "annotations" }] => field == ManifestHash.Annotation,
        _ => false,
    };

    // Servers drop empty lists and maps, and some fields that have the value of nothing; a text map is the exception that a caller sees to.
    private static bool IsEmpty(JsonNode? node) => node switch
    {
        null or JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonObject map => map.All(field => IsEmpty(field.Value)),
        _ => false,
    };
}
