using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>JSON merge patch (RFC 7386).</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject inner)
            {
                target[key] = target[key] is JsonObject existing
                    ? Detached(target, key, existing, inner)
                    : Apply([], inner);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }

        return target;
    }

    private static JsonObject Detached(JsonObject parent, string key, JsonObject existing, JsonObject patch)
    {
        parent.Remove(key);
        return Apply(existing, patch);
    }
}
