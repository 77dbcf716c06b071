using Microsoft.AspNetCore.Http;
using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.Edge;

/// <summary>What an edge keeps, for how long, and what it does while its origin fails.</summary>
public sealed class EdgeCacheTests : EdgeTest
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isFailing;

    [Fact]
    public async Task Answer_AskedForAgain_ComesFromTheCache()
    {
        var (first, second, head) = (await GetAsync("/page"), await GetAsync("/page"), await Edge.Browser.SendAsync(HttpMethod.Head, $"https://{LocalEdge.Host}/page", content: null));

        Assert.Equal(("MISS", "HIT", "HIT"), (first.Cache, second.Cache, head.Cache));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(1, Origin.Hits("/page"));
        await Eventually.Holds(() => Edge.Nginx.Log.Contains("\"cache\":\"HIT\"", StringComparison.Ordinal), "the access log says HIT");
    }

    [Fact]
    public async Task Answer_ThatIsOutOfDate_IsServedStaleAndRevalidatedWithoutItsBody()
    {
        await GetAsync("/short");

        await Eventually.Holds(() => GetAsync("/short"), answer => answer.Cache == "STALE", "the answer is out of date");
        var fresh = await Eventually.Holds(() => GetAsync("/short"), answer => answer.Cache == "HIT", "the answer is fresh again");

        Assert.Equal("\"one\"", Origin.Header("/short", "If-None-Match"));
        Assert.Equal("first", fresh.Text);
    }

    [Fact]
    public async Task Origin_ThatFails_LeavesWhatIsKept()
    {
        await GetAsync("/short");
        _isFailing = true;

        await Eventually.Holds(() => GetAsync("/short"), answer => answer.Cache == "STALE", "the answer is out of date");
        var again = await GetAsync("/short");

        Assert.Equal((200, "STALE", "first"), (again.Status, again.Cache, again.Text));
        Assert.Equal(500, (await GetAsync("/never")).Status);
    }

    [Fact]
    public async Task Origin_ThatIsGone_LeavesWhatIsKeptAndTheEdgeItselfIsHealthy()
    {
        await GetAsync("/short");
        Assert.Equal(200, await Edge.Nginx.StatusAsync("readyz"));
        await Origin.DisposeAsync();

        var kept = await Eventually.Holds(() => GetAsync("/short"), answer => answer.Cache == "STALE", "the answer is out of date");

        Assert.Equal((200, "first"), (kept.Status, kept.Text));
        Assert.Equal(502, (await GetAsync("/never")).Status);
        Assert.Equal((200, 502), (await Edge.Nginx.StatusAsync("healthz"), await Edge.Nginx.StatusAsync("readyz")));
    }

    [Fact]
    public async Task Stampede_OnWhatIsNotKept_ReachesTheOriginOnce()
    {
        var waiting = Enumerable.Range(0, 30).Select(_ => GetAsync("/slow")).ToList();
        await Eventually.Holds(Edge.Nginx.BusyAsync, busy => busy == 30, "all requests wait");
        await Eventually.Holds(() => Origin.Hits("/slow") == 1, "one of them is at the origin");
        _release.SetResult();

        var answers = await Task.WhenAll(waiting);

        Assert.Equal(1, Origin.Hits("/slow"));
        Assert.All(answers, answer => Assert.Equal((200, "slow"), (answer.Status, answer.Text)));
    }

    [Fact]
    public async Task Purge_OfTheCache_ForgetsWhatIsOnDisk()
    {
        await GetAsync("/page");
        await Edge.ReplaceAsync(Stack);
        Assert.Equal("HIT", (await Eventually.Holds(() => GetAsync("/page"), answer => answer.Cache.Length > 0, "an answer")).Cache);

        await Edge.ReplaceAsync(RenderedText.Stack(Spec with { DayTwo = Spec.DayTwo with { CachePurges = 1 } }));

        Assert.Equal("MISS", (await GetAsync("/page")).Cache);
        Assert.Equal(2, Origin.Hits("/page"));
    }

    [Fact]
    public async Task Refresh_OfOneAddress_NeedsTheTokenAndReplacesWhatIsKept()
    {
        await GetAsync("/page");

        Assert.Equal("HIT", (await GetAsync("/page", ("X-Cache-Refresh", "guess"))).Cache);
        Assert.Equal("HIT", (await GetAsync("/page", ("X-Cache-Refresh", ""))).Cache);
        Assert.Equal("BYPASS", (await GetAsync("/page", ("X-Cache-Refresh", Edge.Token))).Cache);

        var next = await GetAsync("/page");
        Assert.Equal(("HIT", " #2"), (next.Cache, next.Text));
        Assert.Null(Origin.Header("/page", "X-Cache-Refresh"));
    }

    private protected override async Task AnswerAsync(HttpContext context)
    {
        if (_isFailing)
        {
            context.Response.StatusCode = 500;
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/short":
                context.Response.Headers.CacheControl = "max-age=1";
                context.Response.Headers.ETag = "\"one\"";
                if (context.Request.Headers.IfNoneMatch == "\"one\"")
                {
                    context.Response.StatusCode = 304;
                    return;
                }

                await context.Response.WriteAsync("first");
                return;
            case "/slow":
                await _release.Task;
                await context.Response.WriteAsync("slow");
                return;
            default:
                await base.AnswerAsync(context);
                return;
        }
    }
}
