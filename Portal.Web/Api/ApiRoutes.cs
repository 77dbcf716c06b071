using Microsoft.AspNetCore.Mvc;
using Portal.Core.Results;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>The REST API: every group of endpoints, and what all of them share.</summary>
public static class ApiRoutes
{
    private const long MaxBodyBytes = 256 * 1024;

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(ApiPaths.V1)
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.PerUser)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .AddEndpointFilter(PrepareAsync)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError);
        api.MapEnvironments();
        api.MapEnvironmentDetails();
        api.MapEnvironmentActions();
        api.MapOperations();
        api.MapLive();
        api.MapRequests();
        api.MapPresets();
        api.MapTeams();
        api.MapMe();
    }

    /// <summary>Documents the statuses with which an endpoint refuses; the body is always problem details.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        }

        return builder;
    }

    public static TBuilder Takes<TBuilder>(this TBuilder builder, params QueryField[] fields)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new QueryFields(fields));

    private static async ValueTask<object?> PrepareAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.RequestServices.GetRequiredService<CurrentActor>().Use(context.User);
        var known = context.GetEndpoint()?.Metadata.GetMetadata<QueryFields>()?.All.Select(field => field.Name).ToList() ?? [];
        List<Error> unknown = [.. context.Request.Query.Keys.Except(known, StringComparer.OrdinalIgnoreCase).Select(name => BodyErrors.UnknownParameter(name, known))];
        return unknown.Count > 0 ? ApiProblems.From(unknown) : await next(invocation);
    }
}
