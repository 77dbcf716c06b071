using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>A spec as versioned JSON: how it is stored, served, and changed by a partial document.</summary>
public static class SpecJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static string Write(EnvironmentSpec spec)
    {
        var document = ToObject(spec);
        document.Insert(0, "version", EnvironmentSpec.CurrentVersion);
        return document.ToJsonString(Options);
    }

    /// <exception cref="JsonException">Stored text that is no spec of a known version.</exception>
    public static EnvironmentSpec Read(string json)
    {
        var document = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The stored spec is no JSON object.");
        int? version = document["version"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
        document.Remove("version");
        if (version is not (>= 1 and <= EnvironmentSpec.CurrentVersion))
        {
            throw new JsonException($"The spec has version {version}; this portal reads versions 1 to {EnvironmentSpec.CurrentVersion}.");
        }

        if (version == 1)
        {
            document["rollout"] = JsonSerializer.SerializeToNode(RolloutSpec.Default, Options);
        }

        if (version <= 2)
        {
            ReplaceRecommendations(document);
            NameConnections(document);
        }

        return document.Deserialize<EnvironmentSpec>(Options)!;
    }

    // Version 2 took them from the memory; an upgrade of the portal must not shut connections out.
    private static void NameConnections(JsonObject document)
    {
        if (document["mySql"] is JsonObject mySql && mySql["size"]?["memoryMiB"] is { } memory)
        {
            mySql["maxConnections"] = Math.Clamp(memory.GetValue<int>() / 10, 100, 1000);
        }
    }

    // What version 3 added besides has defaults that mean what version 2 did.
    private static void ReplaceRecommendations(JsonObject document)
    {
        foreach (var name in new[] { "frontend", "gateway", "publish", "consume" })
        {
            if (document[name] is JsonObject service && service.Remove("recommendations", out var wanted))
            {
                service["vertical"] = wanted?.GetValue<bool>() == false ? "off" : "recommend";
            }
        }
    }

    public static JsonObject ToObject(EnvironmentSpec spec) => JsonSerializer.SerializeToNode(spec, Options)!.AsObject();

    /// <summary>A spec with some fields replaced, as a REST caller writes them: objects merge, everything else replaces.</summary>
    public static Result<EnvironmentSpec> Merge(EnvironmentSpec start, JsonObject overrides)
    {
        var document = ToObject(start);
        var errors = new List<Error>();
        if (NamesAFieldTwice(overrides))
        {
            return SpecErrors.Unreadable("spec", "each field once");
        }

        MergeInto(document, overrides, "", errors);
        if (errors.Count > 0)
        {
            return errors;
        }

        try
        {
            return document.Deserialize<EnvironmentSpec>(Options)!;
        }
        catch (JsonException unreadable)
        {
            var field = (unreadable.Path ?? "$").TrimStart('$').TrimStart('.');
            return SpecErrors.Unreadable(field, SpecShape.AllowedAt(field));
        }
    }

    // A JsonObject reads its members late and throws on a name that comes twice; asked beforehand it is an answer instead.
    private static bool NamesAFieldTwice(JsonObject overrides)
    {
        try
        {
            JsonDocument.Parse(overrides.ToJsonString(), new JsonDocumentOptions { AllowDuplicateProperties = false }).Dispose();
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static void MergeInto(JsonObject target, JsonObject overrides, string path, List<Error> errors)
    {
        foreach (var (key, value) in overrides)
        {
            var field = path.Length == 0 ? key : $"{path}.{key}";
            if (!target.ContainsKey(key))
            {
                errors.Add(SpecErrors.UnknownField(field, target.Select(member => member.Key)));
            }
            else if (target[key] is JsonObject inner && value is JsonObject innerOverrides)
            {
                MergeInto(inner, innerOverrides, field, errors);
            }
            // Nothing is what takes an object away that may be missing; where none may, reading says so.
            else if (target[key] is JsonObject shape && value is not null)
            {
                errors.Add(SpecErrors.Unreadable(field, $"an object with {string.Join(", ", shape.Select(member => member.Key))}"));
            }
            else if (value is JsonArray items && items.Any(item => item is null))
            {
                errors.Add(SpecErrors.Unreadable(field, SpecShape.AllowedAt(field)));
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
