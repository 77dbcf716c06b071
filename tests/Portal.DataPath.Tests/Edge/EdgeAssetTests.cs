using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;

namespace Portal.DataPath.Tests.Edge;

/// <summary>Build output that does not say how long it may be kept.</summary>
public sealed class EdgeAssetTests
{
    [Theory]
    [InlineData(0, 60, "MISS", "HIT")]
    [InlineData(60, 0, "HIT", "MISS")]
    [InlineData(0, null, "MISS", "MISS")]
    [InlineData(60, null, "HIT", "HIT")]
    public async Task Asset_AskedForAgain_IsKeptForItsOwnTime(int defaultSeconds, int? assetSeconds, string page, string asset)
    {
        var stack = RenderedText.Stack(LocalEdge.Spec with { Edge = LocalEdge.Spec.Edge with { DefaultTtlSeconds = defaultSeconds, AssetTtlSeconds = assetSeconds } });
        var upstream = LocalEdge.Upstream(stack);
        await using var origin = await Origin.StartAsync(_ => Task.CompletedTask, upstream);
        await using var edge = await LocalEdge.StartAsync(stack, upstream, origin.Port);

        Assert.Equal(page, await AgainAsync("/page"));
        Assert.Equal(asset, await AgainAsync("/assets/app.1a2b.js"));
        Assert.Equal(asset, await AgainAsync("/static/app.1a2b.css"));

        async Task<string> AgainAsync(string path)
        {
            await edge.GetAsync(path);
            return (await edge.GetAsync(path)).Cache;
        }
    }
}
