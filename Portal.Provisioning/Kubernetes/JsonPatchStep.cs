using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>One operation of a JSON patch (RFC 6902).</summary>
/// <param name="Path">A JSON pointer; <see cref="At"/> makes one of keys that may hold anything.</param>
public sealed record JsonPatchStep(string Operation, string Path, JsonNode? Value)
{
    public static JsonPatchStep Add(string path, JsonNode? value) => new("add", path, value);

    public static JsonPatchStep Replace(string path, JsonNode? value) => new("replace", path, value);

    public static JsonPatchStep Remove(string path) => new("remove", path, null);

    /// <summary>Refuses the whole patch when the value is another one.</summary>
    public static JsonPatchStep Test(string path, JsonNode? value) => new("test", path, value);

    /// <summary>The pointer to a path of keys, such as an annotation whose name has a slash.</summary>
    public static string At(params ReadOnlySpan<string> keys)
    {
        var pointer = "";
        foreach (var key in keys)
        {
            pointer += $"/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        }

        return pointer;
    }

    internal JsonNode ToJson()
    {
        var step = new JsonObject { ["op"] = Operation, ["path"] = Path };
        if (Operation != "remove")
        {
            step["value"] = Value?.DeepClone();
        }

        return step;
    }
}
