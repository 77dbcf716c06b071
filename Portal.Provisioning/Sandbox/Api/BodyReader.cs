using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>Reads request bodies: JSON, or YAML where the API server takes it.</summary>
internal static class BodyReader
{
    /// <summary>The media type of the body without its parameters.</summary>
    public static string MediaType(HttpRequest request) =>
        (request.ContentType ?? "application/json").Split(';')[0].Trim();

    public static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var text = await RequestText.ReadAsync(request, cancellation);
        return text.Parse();
    }

    /// <summary>The name of the object that the call is about; for a create it is looked up in the body, which can still be read afterwards.</summary>
    public static async Task<string?> PeekNameAsync(ApiCall call, CancellationToken cancellation)
    {
        if (call.Name is not null || call.Request.Method != "POST")
        {
            return call.Name;
        }

        var copy = new MemoryStream();
        await call.Request.Body.CopyToAsync(copy, cancellation);
        copy.Position = 0;
        call.Request.Body = copy;
        try
        {
            using var body = await JsonDocument.ParseAsync(copy, default, cancellation);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
                && metadata.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            // YAML, or nothing at all: whoever reads the body in earnest will say so.
            return null;
        }
        finally
        {
            copy.Position = 0;
        }
    }

    /// <summary>An object of the call's kind; its group, version, kind, name and namespace must agree with the path.</summary>
    public static async Task<JsonObject> ReadObjectAsync(ApiCall call, CancellationToken cancellation)
    {
        var type = MediaType(call.Request);
        if (type is not ("application/json" or "application/yaml" or "application/apply-patch+yaml"))
        {
            throw ApiFault.UnsupportedMediaType(type);
        }

        return Checked(call, await ReadAsync(call.Request, cancellation));
    }

    public static JsonObject Checked(ApiCall call, JsonNode? body)
    {
        if (body is not JsonObject root)
        {
            throw ApiFault.BadRequest("the body of the request must be one object");
        }

        if (root.Text("kind") is { } kind && kind != call.Kind.Kind)
        {
            throw ApiFault.BadRequest($"the kind in the data ({kind}) does not match the expected kind ({call.Kind.Kind})");
        }

        if (root.Text("apiVersion") is { } version && version != call.Kind.ApiVersion)
        {
            throw ApiFault.BadRequest($"the API version in the data ({version}) does not match the expected API version ({call.Kind.ApiVersion})");
        }

        var ordered = new JsonObject { ["kind"] = call.Kind.Kind, ["apiVersion"] = call.Kind.ApiVersion, ["metadata"] = null };
        foreach (var field in root.Where(field => field.Key is not ("kind" or "apiVersion")).ToList())
        {
            root.Remove(field.Key);
            ordered[field.Key] = field.Value;
        }

        if (ordered["metadata"] is not (null or JsonObject))
        {
            throw ApiFault.BadRequest("metadata must be an object");
        }

        Unknown(call, ordered, Decoder.Decode(call.Kind, ordered));
        var metadata = ordered.Section("metadata");
        if (metadata.Text("namespace") is { Length: > 0 } ns && ns != (call.Namespace ?? ""))
        {
            throw ApiFault.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (call.Namespace is not null)
        {
            metadata["namespace"] = call.Namespace;
        }

        if (call.Name is not null && metadata.Text("name") is { } name && name != call.Name)
        {
            throw ApiFault.BadRequest($"the name of the object ({name}) does not match the name on the URL ({call.Name})");
        }

        if (call.Name is not null)
        {
            metadata["name"] = call.Name;
        }

        return ordered;
    }

    /// <summary>What becomes of fields that the API does not have: an apply is refused, anything else does as the client asked, and by default warns.</summary>
    public static void Unknown(ApiCall call, JsonObject root, IReadOnlyList<string> fields)
    {
        if (fields.Count == 0)
        {
            return;
        }

        if (MediaType(call.Request) == "application/apply-patch+yaml")
        {
            throw ApiFault.Undeclared(call.Kind, root.Section("metadata"), fields[0]);
        }

        var sentences = fields.Select(field => $"unknown field \"{field[1..]}\"").ToList();
        switch (call.Query("fieldValidation"))
        {
            case "Strict":
                throw ApiFault.BadRequest($"{call.Kind.Kind} in version \"{call.Kind.Version}\" cannot be handled as a {call.Kind.Kind}: strict decoding error: {string.Join(", ", sentences)}");
            case "Ignore":
                break;
            default:
                call.Http.Response.Headers.Append("Warning", sentences.Select(sentence => $"299 - \"{sentence.Replace("\"", "\\\"", StringComparison.Ordinal)}\"").ToArray());
                break;
        }
    }
}
