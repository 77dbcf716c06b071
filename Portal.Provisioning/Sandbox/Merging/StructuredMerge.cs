using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The two tree operations of server-side apply: laying a configuration over an object, and taking out what its owner dropped.</summary>
internal static class StructuredMerge
{
    /// <summary>The live value with everything that the configuration sets; nothing of the inputs is shared.</summary>
    public static JsonNode? Merge(SchemaNode node, JsonNode? live, JsonNode? config)
    {
        if (live is JsonObject liveMap && config is JsonObject configMap && node.IsGranular)
        {
            var merged = new JsonObject();
            foreach (var (key, value) in liveMap)
            {
                merged[key] = configMap.TryGetPropertyValue(key, out var wanted) ? Merge(node.Child(key), value, wanted) : value?.DeepClone();
            }

            foreach (var (key, value) in configMap)
            {
                if (!merged.ContainsKey(key))
                {
                    merged[key] = value?.DeepClone();
                }
            }

            return merged;
        }

        if (live is JsonArray liveList && config is JsonArray configList && (node.IsKeyedList || node.IsSet))
        {
            return MergeLists(node, liveList, configList);
        }

        return config?.DeepClone();
    }

    /// <summary>Removes what was in the last configuration, is not in the new one, and belongs to nobody else.</summary>
    public static void Prune(SchemaNode node, JsonNode? value, FieldSet last, FieldSet? now, FieldSet? others)
    {
        foreach (var (element, dropped) in last.Children)
        {
            var (nowChild, othersChild) = (now?.Child(element), others?.Child(element));
            if (value is JsonObject map && element.StartsWith("f:", StringComparison.Ordinal))
            {
                var name = element[2..];
                if (nowChild is null && othersChild is null)
                {
                    map.Remove(name);
                }
                else
                {
                    Prune(node.Child(name), map[name], dropped, nowChild, othersChild);
                }
            }
            else if (value is JsonArray list && IndexOf(node, list, element) is var index and >= 0)
            {
                if (nowChild is null && othersChild is null)
                {
                    list.RemoveAt(index);
                }
                else if (node.IsKeyedList)
                {
                    Prune(node.Item!, list[index], dropped, nowChild, othersChild);
                }
            }
        }
    }

    // The configuration's order wins; items that only the live list has stay behind the item they followed.
    private static JsonArray MergeLists(SchemaNode node, JsonArray live, JsonArray config)
    {
        var liveItems = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in live)
        {
            liveItems.TryAdd(PathElement.OfItem(node, item) ?? "", item);
        }

        var order = new List<string>();
        var merged = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in config)
        {
            var element = PathElement.OfItem(node, item) ?? "";
            if (merged.TryAdd(element, node.IsKeyedList && liveItems.TryGetValue(element, out var match)
                ? Merge(node.Item!, match, item)
                : item?.DeepClone()))
            {
                order.Add(element);
            }
        }

        string? previous = null;
        foreach (var item in live)
        {
            var element = PathElement.OfItem(node, item) ?? "";
            if (merged.TryAdd(element, item?.DeepClone()))
            {
                order.Insert(previous is null ? 0 : order.IndexOf(previous) + 1, element);
            }

            previous = element;
        }

        return new JsonArray([.. order.Select(element => merged[element])]);
    }

    private static int IndexOf(SchemaNode node, JsonArray list, string element)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if ((node.IsKeyedList || node.IsSet) && PathElement.OfItem(node, list[i]) == element)
            {
                return i;
            }
        }

        return -1;
    }
}
