using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

/// <summary>Walks the endpoints as they are mapped, so that a new one cannot be forgotten.</summary>
public class EndpointTableTests(PortalApp app) : IClassFixture<PortalApp>
{
    private static IReadOnlyCollection<string> Covered { get; } = typeof(EndpointTableTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttributes().OfType<FactAttribute>().Any())
        .SelectMany(method => method.GetCustomAttribute<NegativeAttribute>()?.Endpoints ?? [])
        .ToHashSet();

    [Fact]
    public void EveryApiEndpoint_HasANameAuthorizationAndANegativeTest()
    {
        var endpoints = ApiEndpoints();

        Assert.True(endpoints.Count >= 21, $"Only {endpoints.Count} endpoints: the walk looks in the wrong place.");
        Assert.Empty(endpoints.SelectMany(endpoint => Violations(endpoint, Covered)));
    }

    [Fact]
    public void AnEndpointWithoutAuthorizationNameOrTest_IsFound()
    {
        var open = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/v1/open"), 0);
        open.Metadata.Add(new AuthorizeAttribute());
        open.Metadata.Add(new AllowAnonymousAttribute());

        Assert.Equal(3, Violations((RouteEndpoint)open.Build(), Covered).Count());
    }

    [Fact]
    public async Task EveryApiEndpoint_WithoutAValidToken_AnswersUnauthorizedAndNeverRedirects()
    {
        using var anonymous = app.Anonymous();
        using var forger = app.As("nobody");

        foreach (var endpoint in ApiEndpoints())
        {
            var path = endpoint.RoutePattern.RawText!.Replace("{id}", "1", StringComparison.Ordinal);
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
            {
                var body = method is "POST" or "PATCH" ? "{}" : null;
                (await anonymous.CallAsync(method, path, body)).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
                (await forger.CallAsync(method, path, body)).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
            }
        }
    }

    [Fact]
    public async Task AnAddressThatIsNotThere_IsNotFoundOnlyForCallersWithAToken()
    {
        (await app.Anonymous().CallAsync("GET", "nothing")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
        (await app.As("admin").CallAsync("GET", "nothing")).Refuses(HttpStatusCode.NotFound, "route.unknown");
    }

    private List<RouteEndpoint> ApiEndpoints() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("api", StringComparison.Ordinal) == true).ToList();

    private static IEnumerable<string> Violations(RouteEndpoint endpoint, IReadOnlyCollection<string> covered)
    {
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        if (name is null)
        {
            yield return $"{endpoint.RoutePattern.RawText} has no name.";
        }

        if (endpoint.Metadata.GetMetadata<IAuthorizeData>() is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            yield return $"{endpoint.RoutePattern.RawText} needs no authorization.";
        }

        if (name is null || !covered.Contains(name))
        {
            yield return $"{name ?? endpoint.RoutePattern.RawText} has no test marked [Negative(\"{name}\")].";
        }
    }
}
