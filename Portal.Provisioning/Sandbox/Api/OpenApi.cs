using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Provisioning.Sandbox;

/// <summary>The least OpenAPI that lets kubectl see that the server validates fields itself; it carries no schemas.</summary>
internal static class OpenApi
{
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>The older document, which kubectl before 1.27 reads before it applies. Without types in it, it leaves the checking to the server.</summary>
    public static Task WriteV2Async(HttpContext http)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("protobuf", StringComparison.Ordinal))
        {
            return ApiResponse.WriteAsync(http, 200, new JsonObject
            {
                ["swagger"] = "2.0", ["info"] = new JsonObject { ["title"] = "Portal sandbox cluster", ["version"] = "v1" }, ["paths"] = new JsonObject(), ["definitions"] = new JsonObject(),
            });
        }

        // A message without fields has no bytes.
        http.Response.ContentType = Protobuf;
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var version in Kinds.All.Select(kind => kind.ApiVersion).Distinct())
        {
            var path = version.Contains('/', StringComparison.Ordinal) ? $"apis/{version}" : $"api/{version}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash=sandbox" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>The document of one group version, with a PATCH operation per kind that takes <c>fieldValidation</c>.</summary>
    public static JsonObject? Document(string path)
    {
        var apiVersion = path.StartsWith("apis/", StringComparison.Ordinal) ? path[5..] : path.StartsWith("api/", StringComparison.Ordinal) ? path[4..] : "";
        var kinds = Kinds.All.Where(kind => kind.ApiVersion == apiVersion).ToList();
        if (kinds.Count == 0)
        {
            return null;
        }

        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            paths[$"/{path}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}/{{name}}"] = new JsonObject { ["patch"] = Patch(kind) };
        }

        return new JsonObject { ["openapi"] = "3.0.0", ["info"] = new JsonObject { ["title"] = "Portal sandbox cluster", ["version"] = "v1" }, ["paths"] = paths };
    }

    private static JsonObject Patch(ResourceKind kind) => new()
    {
        ["parameters"] = new JsonArray([.. ((string[])["dryRun", "fieldManager", "fieldValidation", "force"]).Select(name => new JsonObject
        {
            ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : "string" },
        })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version },
    };
}
