using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Auth;

public partial class SignInTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task APage_WithoutACookie_LeadsToSignInAndBack()
    {
        using var browser = Browser(app);

        using var response = await browser.GetAsync(At("/?tab=one"));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2F%3Ftab%3Done", response.Headers.Location!.PathAndQuery);
    }

    [Fact]
    public async Task SignIn_AsAPersona_SetsACookieThatScriptsCannotReadAndOpensPages()
    {
        using var browser = Browser(app);

        using var response = await SignInAsync(browser, "dewi", "/");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("portal=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        using var home = await browser.GetAsync(At("/environments"));
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    [Fact]
    public async Task SignIn_OverHttps_SetsASecureCookie()
    {
        using var browser = Browser(app, "https://localhost");

        using var response = await SignInAsync(browser, "dewi", "/");

        Assert.Contains("secure", response.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("portal=", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/environments?phase=ready", "/environments?phase=ready")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("~/x", "/")]
    [InlineData("", "/")]
    public async Task SignIn_FollowsOnlyPathsOfThePortal(string returnUrl, string location)
    {
        using var browser = Browser(app);

        using var response = await SignInAsync(browser, "arif", returnUrl);

        Assert.Equal(location, response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task SignIn_AsNobody_IsRefusedWithThePersonas()
    {
        using var browser = Browser(app);

        using var response = await SignInAsync(browser, "mallory", "/");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("dewi, arif, sari, budi", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Set-Cookie") && response.Headers.GetValues("Set-Cookie").Any(value => value.StartsWith("portal=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/signin/demo")]
    [InlineData("/signout")]
    public async Task AForm_FromElsewhere_IsRefused(string path)
    {
        using var browser = Browser(app);
        using var form = new FormUrlEncodedContent([new("persona", "sari"), new("returnUrl", "/")]);

        using var response = await browser.PostAsync(At(path), form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        using var browser = Browser(app);
        using var signedIn = await SignInAsync(browser, "dewi", "/");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenAsync(browser))]);

        using var response = await browser.PostAsync(At("/signout"), form);

        Assert.Equal("/sign-in", response.Headers.Location!.OriginalString);
        using var home = await browser.GetAsync(At("/environments"));
        Assert.Equal(HttpStatusCode.Redirect, home.StatusCode);
    }

    [Fact]
    public async Task TheCookie_OpensNoApi()
    {
        using var browser = Browser(app);
        using var signedIn = await SignInAsync(browser, "sari", "/");

        using var response = await browser.GetAsync(At("/api/v1/me"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task AnotherProcessOnTheSameDatabase_KnowsTheCookie()
    {
        using var browser = Browser(app);
        using var signedIn = await SignInAsync(browser, "dewi", "/");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("portal=", StringComparison.Ordinal)).Split(';')[0];

        await using var restarted = new PortalApp(app.Directory);
        using var client = restarted.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var home = await client.GetAsync(At("/environments"));

        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    [Fact]
    public async Task AnotherHostName_IsRefused()
    {
        using var browser = Browser(app, "http://portal.evil.example");

        using var response = await browser.GetAsync(At("/sign-in"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static HttpClient Browser(PortalApp portal, string address = "http://localhost") =>
        portal.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = new Uri(address) });

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string persona, string returnUrl)
    {
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenAsync(browser)), new("persona", persona), new("returnUrl", returnUrl)]);
        return await browser.PostAsync(At("/signin/demo"), form);
    }

    private static async Task<string> TokenAsync(HttpClient browser) =>
        Token().Match(await browser.GetStringAsync(At("/sign-in"))).Groups[1].Value;

    private static Uri At(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
