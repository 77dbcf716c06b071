using System.Net;
using Portal.Web.Tests.Api;

namespace Portal.Web.Tests.Hosting;

public class ServedTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/v1/me")]
    [InlineData("/healthz/live")]
    [InlineData("/_framework/blazor.web.js")]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path)
    {
        using var response = await app.Anonymous().GetAsync(new Uri(path, UriKind.Relative));

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Health_IsToldToAnyone(string path)
    {
        var answer = (await app.Anonymous().CallAsync("GET", path)).Is(HttpStatusCode.OK);

        Assert.Equal("healthy", (string?)answer.Body["status"]);
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/Radzen.Blazor/Radzen.Blazor.js")]
    [InlineData("/_content/Radzen.Blazor/css/standard-base.css")]
    public async Task Files_OfPages_AreServedByThePortal(string path)
    {
        using var response = await app.Anonymous().GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
