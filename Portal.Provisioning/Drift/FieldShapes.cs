using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Drift;

/// <summary>What has to be known of the Kubernetes API to compare two objects field by field.</summary>
/// <remarks>
/// The merge keys and atomic fields are those of the published OpenAPI document (x-kubernetes-list-map-keys, x-kubernetes-map-type),
/// reduced to the kinds that the blueprint renders.
/// </remarks>
internal static class FieldShapes
{
    /// <summary>Lists whose items have owners of their own: what somebody adds to them stays when we apply again.</summary>
    private static readonly FrozenDictionary<string, string[][]> s_merged = new Dictionary<string, string[][]>
    {
        ["containers"] = [["name"]],
        ["initContainers"] = [["name"]],
        ["ephemeralContainers"] = [["name"]],
        ["volumes"] = [["name"]],
        ["env"] = [["name"]],
        ["imagePullSecrets"] = [["name"]],
        ["secrets"] = [["name"]],
        ["volumeMounts"] = [["mountPath"]],
        ["volumeDevices"] = [["devicePath"]],
        ["ports"] = [["containerPort", "protocol"], ["port", "protocol"]],
        ["hostAliases"] = [["ip"]],
        ["topologySpreadConstraints"] = [["topologyKey", "whenUnsatisfiable"]],
        ["ownerReferences"] = [["uid"]],
        ["conditions"] = [["type"]],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Tried for every other list of objects, to name the item that differs.</summary>
    private static readonly string[][] s_naming = [["name"], ["key"], ["type"], ["containerName"], ["host"], ["path"]];

    private static readonly FrozenSet<string> s_atomicMaps =
        new[] { "selector", "podSelector", "namespaceSelector", "labelSelector", "nodeSelector", "roleRef" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Maps from free keys to texts. An empty text is a value there, and a missing map is an empty one.</summary>
    private static readonly FrozenSet<string> s_textMaps =
        new[] { "data", "binaryData", "stringData", "labels", "annotations" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_quantityMaps =
        new[] { "requests", "limits", "hard", "default", "defaultRequest", "min", "max", "minAllowed", "maxAllowed", "capacity", "maxLimitRequestRatio" }
            .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_quantities = new[] { "sizeLimit", "divisor", "averageValue", "storage" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the server fills in inside of fields that are otherwise ours as a whole.</summary>
    private static readonly FrozenSet<string> s_defaulted = new[]
    {
        "protocol", "apiVersion", "apiGroup", "expirationSeconds", "defaultMode", "default", "defaultRequest", "pathType", "scope",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsAtomicMap(string field) => s_atomicMaps.Contains(field);

    public static bool IsTextMap(string field) => s_textMaps.Contains(field);

    public static bool IsDefaulted(string field) => s_defaulted.Contains(field);

    public static bool IsQuantity(FieldPath path) =>
        path.Steps is [{ Field: "spec" }, ..] && !IsTextMap(path.Parent) && (s_quantityMaps.Contains(path.Parent) || s_quantities.Contains(path.Field));

    public static bool IsMerged(string list) => s_merged.ContainsKey(list);

    /// <summary>The keys that tell the items of both lists apart; null when only their places do.</summary>
    public static IReadOnlyList<string>? KeysOf(string list, JsonArray one, JsonArray other)
    {
        foreach (var keys in s_merged.GetValueOrDefault(list, s_naming))
        {
            if (TellsApart(keys, one) && TellsApart(keys, other))
            {
                return keys;
            }
        }

        return null;
    }

    /// <summary>The item of the list that the keys say is the same one.</summary>
    public static JsonObject? Counterpart(JsonArray list, JsonObject item, IReadOnlyList<string> keys)
    {
        foreach (var candidate in list)
        {
            if (candidate is JsonObject map && SameKeys(map, item, keys))
            {
                return map;
            }
        }

        return null;
    }

    private static bool TellsApart(string[] keys, JsonArray list)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (list[at] is not JsonObject item || item[keys[0]] is not JsonValue)
            {
                return false;
            }

            for (var before = 0; before < at; before++)
            {
                if (SameKeys((JsonObject)list[before]!, item, keys))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool SameKeys(JsonObject one, JsonObject other, IReadOnlyList<string> keys)
    {
        foreach (var key in keys)
        {
            var (left, right) = (one[key], other[key]);

            var same = (left, right) switch
            {
                (JsonValue mine, JsonValue theirs) => Scalars.Same(mine, theirs),
                (null, null) => true,
                (null, JsonValue theirs) => IsDefaultKey(key, theirs),
                (JsonValue mine, null) => IsDefaultKey(key, mine),
                _ => false,
            };
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    // The one merge key with a default: the server fills it in, a manifest may leave it out.
    private static bool IsDefaultKey(string key, JsonValue value) => key == "protocol" && Scalars.Text(value) == "TCP";
}
