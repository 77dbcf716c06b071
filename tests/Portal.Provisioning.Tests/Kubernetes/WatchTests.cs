using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

public class WatchTests
{
    private const string Pods = "GET /api/v1/pods";
    private const string Added = """{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"8"}}}""" + "\n";
    private const string Bookmark = """{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"9"}}}""" + "\n";
    private static readonly ListQuery s_pods = new("v1", "Pod");

    [Fact]
    public async Task Watch_EndedByTheServer_GivesEventsAndBookmarkAndEnds()
    {
        var (events, fault, server) = await WatchAsync(Lines(Ending.Clean, Added, Bookmark));

        Assert.Null(fault);
        Assert.Equal([WatchEventType.Added, WatchEventType.Bookmark], events.Select(e => e.Type));
        Assert.Equal("9", events[1].Object.ResourceVersion);
        var sent = Assert.Single(server.Of(Pods)).Query;
        Assert.Equal(("true", "true", "7"), (sent["watch"], sent["allowWatchBookmarks"], sent["resourceVersion"]));
    }

    [Fact]
    public async Task Watch_LineInPieces_IsOneEvent()
    {
        var (events, _, _) = await WatchAsync(Lines(Ending.Clean, Added[..20], Added[20..40], Added[40..]));

        Assert.Equal("a", Assert.Single(events).Object.Name);
    }

    [Fact]
    public async Task Watch_Error410_IsGoneAfterTheEventsBeforeIt()
    {
        var error = """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""" + "\n";

        var (events, fault, _) = await WatchAsync(Lines(Ending.Clean, Added, error));

        Assert.Single(events);
        Assert.Equal(KubeFault.Gone, fault?.Fault);
    }

    [Fact]
    public async Task Watch_Answer410_IsGone()
    {
        var (_, fault, _) = await WatchAsync(Status(410, "Gone", "too old"));

        Assert.Equal(KubeFault.Gone, fault?.Fault);
    }

    [Fact]
    public async Task Watch_CutBetweenLines_IsUnavailableAfterTheEventsBeforeIt()
    {
        var (events, fault, _) = await WatchAsync(Lines(Ending.Cut, Added));

        Assert.Equal(KubeFault.Unavailable, fault?.Fault);
        Assert.InRange(events.Count, 0, 1);
    }

    [Fact]
    public async Task Watch_EndsInsideALine_IsUnavailable()
    {
        var (events, fault, _) = await WatchAsync(Lines(Ending.Clean, Added, Added[..30]));

        Assert.Single(events);
        Assert.Equal(KubeFault.Unavailable, fault?.Fault);
    }

    [Fact]
    public async Task Watch_Silent_IsDroppedByTheWatchdog()
    {
        var (events, fault, _) = await WatchAsync(Lines(Ending.Silent, Added), Quick with { WatchSilence = TimeSpan.FromMilliseconds(200) });

        Assert.Single(events);
        Assert.Equal(KubeFault.TimedOut, fault?.Fault);
    }

    private static async Task<(List<WatchEvent> Events, KubeException? Fault, ScriptedServer Server)> WatchAsync(
        Microsoft.AspNetCore.Http.RequestDelegate answer, KubeClientOptions? options = null)
    {
        await using var server = await StartAsync();
        server.On(Pods, answer);
        using var client = server.Client(options);
        var events = new List<WatchEvent>();
        try
        {
            await foreach (var one in client.WatchAsync(s_pods, "7", TestContext.Current.CancellationToken))
            {
                events.Add(one);
            }

            return (events, null, server);
        }
        catch (KubeException e)
        {
            return (events, e, server);
        }
    }
}
