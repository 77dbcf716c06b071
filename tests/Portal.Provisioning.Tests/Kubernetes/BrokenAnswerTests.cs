using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Watching;
using Portal.Testing;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Kubernetes;

/// <summary>Answers that come late, break off or fail: what is done again, what is not, and that nothing half is ever returned.</summary>
public class BrokenAnswerTests
{
    private const string Web = "/apis/apps/v1/namespaces/shop/deployments/web";
    private const string Deployments = "/apis/apps/v1/namespaces/shop/deployments";
    private const string Pods = "GET /api/v1/namespaces/shop/pods";
    private static readonly ObjectRef s_web = new("apps/v1", "Deployment", "shop", "web");
    private static readonly ListQuery s_pods = new("v1", "Pod", "shop");
    private static readonly KubeObject s_manifest = KubeObject.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}}""");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("get", "within 0.2 s")]
    [InlineData("scale", "within 0.2 s")]
    [InlineData("watch", "within 0.2 s")]
    [InlineData("logs", "within 0.2 s")]
    [InlineData("list", "within 0.3 s")]
    [InlineData("create", "within 0.4 s")]
    [InlineData("apply", "within 0.4 s")]
    [InlineData("patch", "within 0.4 s")]
    [InlineData("delete", "within 0.4 s")]
    [InlineData("evict", "within 0.4 s")]
    public async Task Verb_SlowAnswer_IsTimedOutAfterTheTimeOfTheVerb(string verb, string says)
    {
        await using var server = await StartAsync();
        foreach (var path in new[] { "GET " + Web, $"GET {Web}/scale", Pods, $"{Pods}/p/log", "POST " + Deployments, "PATCH " + Web, "DELETE " + Web, "POST /api/v1/namespaces/shop/pods/p/eviction" })
        {
            server.On(path, Silence);
        }

        using var client = server.Client(Quick with
        {
            ReadTimeout = TimeSpan.FromMilliseconds(200), ListTimeout = TimeSpan.FromMilliseconds(300), WriteTimeout = TimeSpan.FromMilliseconds(400),
        });

        var fault = await Assert.ThrowsAsync<KubeException>(() => DoAsync(client, verb));

        Assert.Equal((KubeFault.TimedOut, true), (fault.Fault, fault.IsTransient));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_CutBeforeTheAnswer_IsDoneAgain()
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Web, Cut, Lines(Ending.Cut, """{"kind":"Depl"""), Json(s_manifest.ToJson()));
        using var client = server.Client();

        var applied = await client.ApplyAsync(s_manifest, new ApplyOptions(), Ct);

        Assert.Equal("web", applied.Name);
        Assert.Equal(3, server.Of("PATCH " + Web).Count);
        Assert.Single(server.Of("PATCH " + Web).Select(sent => sent.Body).Distinct());
    }

    [Theory]
    [InlineData("create", "POST " + Deployments)]
    [InlineData("json patch", "PATCH " + Web)]
    [InlineData("evict", "POST /api/v1/namespaces/shop/pods/p/eviction")]
    public async Task WriteThatCountsTwice_CutBeforeTheAnswer_IsLeftToTheCaller(string verb, string path)
    {
        await using var server = await StartAsync();
        server.On(path, Cut, Json(s_manifest.ToJson()));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => DoAsync(client, verb));

        Assert.Equal((KubeFault.Unavailable, true), (fault.Fault, fault.IsTransient));
        Assert.Single(server.Of(path));
    }

    [Fact]
    public async Task Create_CutAfterItWasDone_ShowsAsAlreadyExistsToTheCallerWhoRepeatsIt()
    {
        await using var server = await StartAsync();
        server.On("POST " + Deployments, Cut, Status(409, "AlreadyExists", "deployments.apps \\\"web\\\" already exists"));
        using var client = server.Client();

        await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(s_manifest, Ct));
        var fault = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(s_manifest, Ct));

        Assert.Equal(KubeFault.AlreadyExists, fault.Fault);
    }

    [Theory]
    [InlineData(500, "InternalError", KubeFault.ServerError)]
    [InlineData(409, "Conflict", KubeFault.Conflict)]
    public async Task Apply_FailedInTheServer_IsNotDoneAgainInsideTheCall(int code, string reason, KubeFault expected)
    {
        await using var server = await StartAsync();
        server.On("PATCH " + Web, Status(code, reason, "etcdserver: leader changed"));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.ApplyAsync(s_manifest, new ApplyOptions(), Ct));

        Assert.Equal((expected, true), (fault.Fault, fault.IsTransient));
        Assert.Single(server.Of("PATCH " + Web));
    }

    [Fact]
    public async Task List_CutInTheSecondPage_GoesOnFromThatPage()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", "more", "a"), Lines(Ending.Cut, """{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}},{"""), ListTests.Page("7", null, "b", "c"));
        using var client = server.Client();

        var list = await client.ListAsync(s_pods, Ct);

        Assert.Equal(["a", "b", "c"], list.Items.Select(item => item.Name));
        Assert.Equal(["more", "more"], server.Of(Pods).Skip(1).Select(sent => sent.Query["continue"]));
    }

    [Fact]
    public async Task List_SecondPageCutEveryTime_ReturnsNothingInsteadOfAPart()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", "more", "a"), Lines(Ending.Cut, """{"kind":"PodList","""));
        using var client = server.Client();

        Assert.Equal(KubeFault.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => client.ListAsync(s_pods, Ct))).Fault);
    }

    [Fact]
    public async Task Watch_CutInsideALine_GoesOnAfterTheLastWholeOneWithNothingLostOrDoubled()
    {
        await using var server = await StartAsync();
        var watches = 0;
        server.On("GET /api/v1/pods", ListTests.Page("7", null, "a"), async context =>
        {
            var first = Interlocked.Increment(ref watches) == 1;
            foreach (var version in Enumerable.Range(8, 5).Where(version => version > int.Parse(context.Request.Query["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture)))
            {
                var line = $$"""{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"p{{version}}","resourceVersion":"{{version}}"} } }""" + "\n";
                await context.Response.WriteAsync(first && version == 10 ? line[..40] : line);
                await context.Response.Body.FlushAsync();
                if (first && version == 10)
                {
                    context.Abort();
                    return;
                }
            }

            await Silence(context);
        });
        using var client = server.Client();
        var seen = new Seen();
        using var stop = new CancellationTokenSource();
        var informer = new Informer(
            client, new ListQuery("v1", "Pod"), seen, new InformerOptions { FirstPause = TimeSpan.FromMilliseconds(5) }, _ => { }, TimeProvider.System, NullLogger.Instance);
        var running = informer.RunAsync(stop.Token);

        await Eventually.Holds(() => Task.FromResult(seen.Names), names => names.EndsWith("p12", StringComparison.Ordinal), "the last event came");
        await stop.CancelAsync();
        await running;

        Assert.Equal("a p8 p9 p10 p11 p12", seen.Names);
        Assert.Equal(1, seen.Lists);
    }

    [Fact]
    public async Task RetryAfter_DateInThePast_IsTriedAgainSoon()
    {
        await using var server = await StartAsync();
        server.On("GET " + Web, Busy(503, "Mon, 01 Jan 2001 00:00:00 GMT", null), Json(s_manifest.ToJson()));
        using var client = server.Client();

        Assert.Equal("web", (await client.GetAsync(s_web, Ct))?.Name);
    }

    [Theory]
    [InlineData(429, KubeFault.Throttled)]
    [InlineData(503, KubeFault.Unavailable)]
    public async Task RetryAfter_DateOfAServerWhoseClockIsElsewhere_IsMeasuredOnItsClock(int code, KubeFault expected)
    {
        await using var server = await StartAsync();
        server.On("GET " + Web, Busy(code, "Mon, 01 Jan 2001 00:02:00 GMT", "Mon, 01 Jan 2001 00:00:00 GMT"));
        using var client = server.Client();

        var fault = await Assert.ThrowsAsync<KubeException>(() => client.GetAsync(s_web, Ct));

        Assert.Equal((expected, TimeSpan.FromMinutes(2)), (fault.Fault, fault.RetryAfter));
    }

    [Fact]
    public async Task FlowControl_BeyondTheBurst_SpreadsTheCallsOfItsClusterAlone()
    {
        await using var server = await StartAsync();
        server.On("GET " + Web, Json(s_manifest.ToJson()));
        using var slow = server.Client(Quick with { Burst = 1, CallsPerSecond = 10 });
        using var other = server.Client();
        await slow.GetAsync(s_web, Ct);
        var start = TimeProvider.System.GetTimestamp();

        var held = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => slow.GetAsync(s_web, Ct)));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => other.GetAsync(s_web, Ct)));
        await held;

        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(250), "four calls at ten a second came at once");
        Assert.Equal(55, server.Of("GET " + Web).Count);
    }

    private static Task DoAsync(KubeClient client, string verb) => verb switch
    {
        "get" => client.GetAsync(s_web, Ct),
        "scale" => client.GetAsync(s_web, "scale", Ct),
        "watch" => client.WatchAsync(s_pods, "7", Ct).ToListAsync(Ct).AsTask(),
        "logs" => client.LogsAsync("shop", "p", new LogQuery { Follow = true }, Ct).ToListAsync(Ct).AsTask(),
        "list" => client.ListAsync(s_pods, Ct),
        "create" => client.CreateAsync(s_manifest, Ct),
        "apply" => client.ApplyAsync(s_manifest, new ApplyOptions(), Ct),
        "patch" => client.PatchAsync(s_web, new JsonObject(), null, Ct),
        "json patch" => client.PatchAsync(s_web, [JsonPatchStep.Add("/spec/template/spec/tolerations/-", new JsonObject())], null, Ct),
        "delete" => client.DeleteAsync(s_web, new DeleteOptions(), Ct),
        "evict" => client.EvictAsync("shop", "p", new DeleteOptions(), Ct),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "unknown"),
    };

    private static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static RequestDelegate Busy(int code, string retryAfter, string? date) => async context =>
    {
        context.Response.Headers.RetryAfter = retryAfter;
        if (date is not null)
        {
            context.Response.Headers.Date = date;
        }

        await Status(code, code == 429 ? "TooManyRequests" : "ServiceUnavailable", "busy")(context);
    };

    private sealed class Seen : IInformerTarget
    {
        private readonly Lock _lock = new();
        private readonly List<string> _names = [];

        public int Lists { get; private set; }

        public string Names
        {
            get
            {
                lock (_lock)
                {
                    return string.Join(' ', _names);
                }
            }
        }

        public void Replace(IEnumerable<KubeObject> listed)
        {
            Lists++;
            listed.ToList().ForEach(Upsert);
        }

        public void Upsert(KubeObject live)
        {
            lock (_lock)
            {
                _names.Add(live.Name);
            }
        }

        public void Delete(KubeObject last) => Upsert(last);
    }
}
