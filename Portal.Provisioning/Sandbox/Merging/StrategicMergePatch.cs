using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Kubernetes' strategic merge patch with its directives: <c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>.</summary>
internal static class StrategicMergePatch
{
    private const string DeleteFrom = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";

    /// <summary>Changes the target; the patch is only read.</summary>
    public static JsonObject Apply(SchemaNode schema, JsonObject target, JsonObject patch)
    {
        if (patch.Text("$patch") == "replace")
        {
            var replaced = (JsonObject)patch.DeepClone();
            replaced.Remove("$patch");
            return replaced;
        }

        if (patch["$retainKeys"] is JsonArray retain)
        {
            var kept = retain.Select(key => key.AsText()).ToHashSet();
            foreach (var key in target.Select(field => field.Key).Where(key => !kept.Contains(key)).ToList())
            {
                target.Remove(key);
            }
        }

        foreach (var (key, value) in patch.Where(field => field.Key.StartsWith(DeleteFrom, StringComparison.Ordinal)))
        {
            RemoveValues(target[key[DeleteFrom.Length..]] as JsonArray, value as JsonArray);
        }

        foreach (var (key, value) in patch.Where(field => !field.Key.StartsWith('$')))
        {
            ApplyField(schema.Child(key), target, key, value);
        }

        foreach (var (key, value) in patch.Where(field => field.Key.StartsWith(Order, StringComparison.Ordinal)))
        {
            var field = key[Order.Length..];
            SortBy(schema.Child(field), target, field, value as JsonArray ?? []);
        }

        return target;
    }

    private static void ApplyField(SchemaNode node, JsonObject target, string key, JsonNode? value)
    {
        var existing = target[key];
        switch (value)
        {
            case null:
                target.Remove(key);
                break;
            case JsonObject map when map.Text("$patch") == "delete":
                target.Remove(key);
                break;
            case JsonObject map:
                target.Remove(key);
                target[key] = Apply(node, existing as JsonObject ?? [], map);
                break;
            case JsonArray list when node.MergeKey is not null && existing is null or JsonArray:
                target.Remove(key);
                target[key] = node.MergeKey.Length == 0 ? Union(existing as JsonArray ?? [], list) : MergeItems(node, existing as JsonArray ?? [], list);
                break;
            default:
                target[key] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeItems(SchemaNode node, JsonArray existing, JsonArray patch)
    {
        if (patch.OfType<JsonObject>().Any(item => item.Text("$patch") == "replace"))
        {
            return new JsonArray([.. patch.OfType<JsonObject>().Where(item => item.Text("$patch") is null).Select(item => item.DeepClone())]);
        }

        foreach (var item in patch.OfType<JsonObject>())
        {
            var index = IndexOf(existing, node.MergeKey!, item[node.MergeKey!]);
            if (item.Text("$patch") == "delete")
            {
                if (index >= 0)
                {
                    existing.RemoveAt(index);
                }
            }
            else if (index < 0)
            {
                existing.Add(Apply(node.Item!, [], item));
            }
            else
            {
                var match = (JsonObject)existing[index]!;
                existing.RemoveAt(index);
                existing.Insert(index, Apply(node.Item!, match, item));
            }
        }

        return existing;
    }

    private static JsonArray Union(JsonArray existing, JsonArray patch)
    {
        foreach (var item in patch.Where(item => !existing.Any(have => JsonNode.DeepEquals(have, item))))
        {
            existing.Add(item?.DeepClone());
        }

        return existing;
    }

    private static void RemoveValues(JsonArray? list, JsonArray? values)
    {
        for (var i = (list?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (values?.Any(value => JsonNode.DeepEquals(value, list![i])) == true)
            {
                list!.RemoveAt(i);
            }
        }
    }

    // Items named by the order come in that order; the server's own items keep their place relative to the item before them.
    private static void SortBy(SchemaNode node, JsonObject target, string field, JsonArray order)
    {
        if (target[field] is not JsonArray list)
        {
            return;
        }

        var rank = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in order)
        {
            rank.TryAdd(Identity(node, item), rank.Count);
        }

        var last = -1;
        var items = new List<(int Rank, int Position, JsonNode? Item)>();
        foreach (var item in list)
        {
            last = rank.GetValueOrDefault(Identity(node, item), last);
            items.Add((last, items.Count, item));
        }

        list.Clear();
        foreach (var (_, _, item) in items.OrderBy(entry => entry.Rank).ThenBy(entry => entry.Position))
        {
            list.Add(item);
        }
    }

    private static string Identity(SchemaNode node, JsonNode? item) =>
        (item is JsonObject map && !string.IsNullOrEmpty(node.MergeKey) ? map[node.MergeKey] : item)?.ToJsonString() ?? "";

    private static int IndexOf(JsonArray list, string key, JsonNode? value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item && JsonNode.DeepEquals(item[key], value))
            {
                return i;
            }
        }

        return -1;
    }
}
