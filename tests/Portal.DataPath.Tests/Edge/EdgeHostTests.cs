using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Edge;

/// <summary>An edge that answers for several host names.</summary>
public sealed class EdgeHostTests : EdgeTest
{
    private const string Other = "www.shop.example";

    private protected override EnvironmentSpec Spec => LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { OtherHostNames = [Other, "shop.example"] } };

    [Fact]
    public async Task Hosts_OfTheSpec_AreAnsweredWithACertificateForEachAndKeptApart()
    {
        var (first, other, again) = (await GetAsync("/page"), await Edge.Browser.GetAsync($"https://{Other}/page"), await Edge.Browser.GetAsync($"https://{Other}/page"));

        Assert.Equal((200, 200), (first.Status, other.Status));
        Assert.Equal(("MISS", "MISS", "HIT"), (first.Cache, other.Cache, again.Cache));
        Assert.Equal(Other, Origin.Header("/page", "Host"));
        await Assert.ThrowsAsync<HttpRequestException>(() => Edge.Browser.GetAsync("https://evil.example/page"));
    }

    [Fact]
    public async Task Http_ToEachHost_IsSentToHttpsOfTheSame()
    {
        using var plain = new Browser(Edge.PlainPort);

        Assert.Equal($"https://{Other}/x", (await plain.GetAsync($"http://{Other}/x")).Headers["Location"]);
        Assert.Equal("https://shop.example/x", (await plain.GetAsync("http://shop.example/x")).Headers["Location"]);
        Assert.Equal(421, (await plain.GetAsync("http://evil.example/x")).Status);
    }
}
