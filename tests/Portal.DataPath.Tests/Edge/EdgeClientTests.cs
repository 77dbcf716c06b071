using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Edge;

/// <summary>Whose address the load balancer is told, with proxies before the edge and without.</summary>
public sealed class EdgeClientTests
{
    private const string Client = "192.0.2.9";

    // The test connects from the loopback address.
    [Theory]
    [InlineData(null, $"{Client}, 203.0.113.5", "127.0.0.1")]
    [InlineData("198.51.100.0/24", $"{Client}, 203.0.113.5", "127.0.0.1")]
    [InlineData("127.0.0.0/8 203.0.113.0/24", $"{Client}, 203.0.113.5", Client)]
    [InlineData("127.0.0.0/8 203.0.113.0/24", $"10.0.0.1, {Client}, 203.0.113.5, 203.0.113.6", Client)]
    [InlineData("127.0.0.1", $"{Client}, 203.0.113.5", "203.0.113.5")]
    [InlineData("127.0.0.1", "no address", "127.0.0.1")]
    public async Task Client_BehindProxies_IsTheLastAddressThatIsNotTrusted(string? trusted, string forwarded, string expected)
    {
        var spec = LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { TrustedProxies = trusted?.Split(' ') ?? [] } };
        var stack = RenderedText.Stack(spec);
        var upstream = LocalEdge.Upstream(stack);
        await using var origin = await Origin.StartAsync(_ => Task.CompletedTask, upstream);
        await using var edge = await LocalEdge.StartAsync(stack, upstream, origin.Port);

        Assert.Equal(200, (await edge.GetAsync("/who", ("X-Forwarded-For", forwarded))).Status);

        Assert.Equal(expected, origin.Header("/who", "X-Forwarded-For"));
    }
}
