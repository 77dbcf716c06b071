using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>The description of the API for machines: who may call it, and every query parameter with its words.</summary>
internal static class OpenApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static IServiceCollection AddPortalOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(AddQuery);
    });

    private static Task Describe(Microsoft.OpenApi.OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = "Portal",
            Version = "v1",
            Description = "Environments from the CDN to the database: ask for them, decide on requests, watch them and delete them. "
                + "Every refusal is an RFC 9457 problem with a code, each error with its field, and a requestId to quote.",
        };
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Schemes.Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of the portal." },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Schemes.Bearer, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task AddQuery(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var field in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryFields>().SelectMany(fields => fields.All))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = field.Name,
                In = ParameterLocation.Query,
                Description = field.Meaning,
                Schema = new OpenApiSchema
                {
                    Type = Enum.Parse<JsonSchemaType>(field.Type, ignoreCase: true),
                    Enum = field.Words?.Select(word => (JsonNode)JsonValue.Create(word)).ToList(),
                },
            });
        }

        return Task.CompletedTask;
    }
}
