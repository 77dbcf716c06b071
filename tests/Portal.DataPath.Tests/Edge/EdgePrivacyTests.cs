using Microsoft.AspNetCore.Http;
using Portal.Core.Environments.Specs;

namespace Portal.DataPath.Tests.Edge;

/// <summary>What belongs to one visitor never reaches another, and nobody decides what others get.</summary>
public sealed class EdgePrivacyTests : EdgeTest
{
    private protected override EnvironmentSpec Spec => LocalEdge.Spec with
    {
        Edge = LocalEdge.Spec.Edge with { PrivatePaths = ["/account/"], SessionCookies = ["shop.login"] },
        LoadBalancer = LocalEdge.Spec.LoadBalancer with
        {
            Routes = [new("/", RoutedService.Frontend), new("/shop/cart", RoutedService.Gateway), new("/", RoutedService.Publish, "X-Canary", "always.on")],
        },
    };

    [Theory]
    [InlineData("Authorization", "Bearer alice")]
    [InlineData("Cookie", "theme=dark; session=alice")]
    [InlineData("Cookie", "JSESSIONID=alice")]
    [InlineData("Cookie", "__Host-id=alice")]
    [InlineData("Cookie", "shop.login=alice")]
    [InlineData("X-Canary", "always.on")]
    public async Task Request_OfOneVisitor_IsNeitherKeptNorAnsweredFromTheCache(string header, string value)
    {
        var first = await GetAsync("/page", (header, value));
        var other = await GetAsync("/page");
        var again = await GetAsync("/page", (header, value));

        Assert.Equal(("BYPASS", "MISS", "BYPASS"), (first.Cache, other.Cache, again.Cache));
        Assert.DoesNotContain("alice", other.Text, StringComparison.Ordinal);
        Assert.Equal(3, Origin.Hits("/page"));
    }

    [Theory]
    [InlineData("Cookie", "theme=dark")]
    [InlineData("Cookie", "shopXlogin=1")]
    [InlineData("X-Canary", "no")]
    public async Task Request_WithWhatMeansNothing_IsAnsweredFromTheCache(string header, string value)
    {
        await GetAsync("/page");

        Assert.Equal("HIT", (await GetAsync("/page", (header, value))).Cache);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/orders")]
    [InlineData("/api/list")]
    [InlineData("/shop/cart/7")]
    public async Task Path_ThatIsPrivate_IsNeverKept(string path)
    {
        Assert.Equal("BYPASS", (await GetAsync(path)).Cache);
        Assert.Equal("BYPASS", (await GetAsync(path)).Cache);
        Assert.Equal(2, Origin.Hits(path));
    }

    [Theory]
    [InlineData("/accounting")]
    [InlineData("/shop/carts")]
    public async Task Path_ThatOnlyBeginsLikeAPrivateOne_IsKept(string path)
    {
        await GetAsync(path);

        Assert.Equal("HIT", (await GetAsync(path)).Cache);
    }

    [Theory]
    [InlineData("/says-private")]
    [InlineData("/says-no-store")]
    [InlineData("/sets-a-cookie")]
    public async Task Answer_ForOneVisitor_IsNotKept(string path)
    {
        await GetAsync(path);

        Assert.Equal("MISS", (await GetAsync(path)).Cache);
    }

    [Fact]
    public async Task Origin_BehindAnEdge_SeesTheClientsAddressAndNothingThatIsNoPartOfTheKey()
    {
        await GetAsync("/page", ("X-Forwarded-For", "203.0.113.99"), ("X-Forwarded-Host", "evil.example"), ("X-Original-URL", "/evil"), ("X-Rewrite-URL", "/evil"),
            ("X-HTTP-Method-Override", "DELETE"), ("Forwarded", "for=203.0.113.99"), ("X-Request-Id", "trace-me-0001"), ("Accept-Encoding", "gzip"));

        Assert.Equal("127.0.0.1", Origin.Header("/page", "X-Forwarded-For"));
        Assert.Equal(LocalEdge.Host, Origin.Header("/page", "Host"));
        Assert.Equal("trace-me-0001", Origin.Header("/page", "X-Request-Id"));
        Assert.All(
            ["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "Forwarded", "Accept-Encoding"],
            name => Assert.Null(Origin.Header("/page", name)));
    }

    private protected override Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        switch (context.Request.Path.Value)
        {
            case "/says-private": headers.CacheControl = "private, max-age=60"; break;
            case "/says-no-store": headers.CacheControl = "no-store"; break;
            case "/sets-a-cookie": headers.CacheControl = "max-age=60"; headers.SetCookie = "session=1"; break;
            default: break;
        }

        return base.AnswerAsync(context);
    }
}
