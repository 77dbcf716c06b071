using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Portal.Core.Results;

namespace Portal.Web.Api;

/// <summary>The JSON body of a request, read so that what is wrong with it is said by field and not by a parser.</summary>
/// <typeparam name="T">A record whose properties are texts, whole numbers and JSON objects.</typeparam>
public sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    // A body that names one field twice means two things.
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private Body(Result<T> content) => Content = content;

    public Result<T> Content { get; }

#pragma warning disable CA1000 // The framework finds these two by their names.
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        try
        {
            var node = await JsonNode.ParseAsync(context.Request.Body, null, s_strict, context.RequestAborted);
            return new(BodyShape.Read<T>(node));
        }
        catch (JsonException unreadable)
        {
            return new(BodyErrors.NotJson(unreadable));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
#pragma warning restore CA1000
}
