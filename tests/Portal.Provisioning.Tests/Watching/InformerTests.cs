using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Tests.Kubernetes;
using Portal.Provisioning.Watching;
using Portal.Testing;
using static Portal.Provisioning.Tests.Kubernetes.ScriptedServer;

namespace Portal.Provisioning.Tests.Watching;

public class InformerTests
{
    private const string Pods = "GET /api/v1/pods";
    private static readonly ListQuery s_pods = new("v1", "Pod");
    private static readonly InformerOptions s_quick = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(5),
        LongestPause = TimeSpan.FromMilliseconds(50),
        AbsentKindPause = TimeSpan.FromMilliseconds(100),
    };

    [Fact]
    public async Task Informer_ListThenWatch_FollowsFromTheListedVersion()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", null, "a", "b"), Lines(Ending.Silent, Event("ADDED", "c", 8), Event("DELETED", "a", 9)));
        await using var run = Run.Start(server);

        await run.Holds("b@7", "c@8");

        Assert.True(run.Informer.Ready.IsCompletedSuccessfully);
        Assert.True(run.Informer.Link.IsConnected);
        Assert.Equal("7", server.Of(Pods)[1].Query["resourceVersion"]);
    }

    [Fact]
    public async Task Informer_WatchCut_ResumesFromTheLastVersionWithoutAList()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", null, "a"), Lines(Ending.Clean, Event("ADDED", "b", 8), Bookmark(20)), Lines(Ending.Cut, Event("ADDED", "x", 21)),
            Lines(Ending.Silent, Event("ADDED", "c", 22)));
        await using var run = Run.Start(server);

        await Eventually.Holds(() => run.Target.Rows.ContainsKey("c"), "c came after the cut");

        var sent = server.Of(Pods);
        Assert.Equal("20", sent[2].Query["resourceVersion"]);
        Assert.Equal(1, run.Target.Lists);
        Assert.DoesNotContain(run.Links, l => l.Error is not null);
    }

    [Fact]
    public async Task Informer_Gone_ListsAgainAndTheTargetSeesWhatVanished()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", null, "a", "b"), Status(410, "Expired", "too old"), ListTests.Page("30", null, "b"), Lines(Ending.Silent));
        await using var run = Run.Start(server);

        await run.Holds("b@30");

        Assert.Equal(2, run.Target.Lists);
    }

    [Fact]
    public async Task Informer_SilentWatch_IsDroppedAndOpenedAgainWithoutAlarm()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", null, "a"), Lines(Ending.Silent), Lines(Ending.Silent, Event("ADDED", "b", 8)));
        await using var run = Run.Start(server, Quick with { WatchSilence = TimeSpan.FromMilliseconds(150) });

        await run.Holds("a@7", "b@8");

        Assert.DoesNotContain(run.Links, l => l.Error is not null);
    }

    [Fact]
    public async Task Informer_ClusterLost_SaysSoOnceAndComesBack()
    {
        await using var server = await StartAsync();
        var down = Status(500, "InternalError", "etcd is away");
        server.On(Pods, ListTests.Page("7", null, "a"), Lines(Ending.Clean, Event("ADDED", "b", 8)), down, down, down, Lines(Ending.Silent, Event("ADDED", "c", 9)));
        await using var run = Run.Start(server);

        await run.Holds("a@7", "b@8", "c@9");

        Assert.Equal([true, false, true], run.Links.Select(l => l.IsConnected));
        Assert.Contains("etcd is away", run.Links.ToList()[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Informer_KindNotServed_IsReadyAndFindsItLater()
    {
        await using var server = await StartAsync();
        server.On("GET /api/v1", Json("""{"resources":[]}"""));
        await using var run = Run.Start(server);
        await run.Informer.Ready.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.True(run.Informer.Link.IsConnected);

        server.On(Pods, ListTests.Page("7", null, "a"), Lines(Ending.Silent));
        server.On("GET /api/v1", Json("""{"resources":[{"name":"pods","kind":"Pod","namespaced":true}]}"""));

        await run.Holds("a@7");
    }

    [Fact]
    public async Task Informer_ServerThatClosesEveryWatch_IsNotAskedInATightLoop()
    {
        await using var server = await StartAsync();
        server.On(Pods, ListTests.Page("7", null, "a"), Lines(Ending.Clean));
        await using var run = Run.Start(server, options: s_quick with { FirstPause = TimeSpan.FromMilliseconds(200) });

        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);

        Assert.InRange(server.Of(Pods).Count, 2, 14);
    }

    private static string Event(string type, string name, int version) =>
        $$"""{"type": "{{type}}", "object": {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "{{name}}", "namespace": "shop", "resourceVersion": "{{version}}"} } }""" + "\n";

    private static string Bookmark(int version) =>
        $$"""{"type": "BOOKMARK", "object": {"kind": "Pod", "metadata": {"resourceVersion": "{{version}}"} } }""" + "\n";

    private sealed class Target : IInformerTarget
    {
        public ConcurrentDictionary<string, string> Rows { get; } = new(StringComparer.Ordinal);

        public int Lists { get; private set; }

        public void Replace(IEnumerable<KubeObject> listed)
        {
            Lists++;
            Rows.Clear();
            listed.ToList().ForEach(Upsert);
        }

        public void Upsert(KubeObject live) => Rows[live.Name] = $"{live.Name}@{live.ResourceVersion}";

        public void Delete(KubeObject last) => Rows.TryRemove(last.Name, out _);
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly KubeClient _client;
        private readonly Task _running;

        private Run(ScriptedServer server, KubeClientOptions client, InformerOptions options)
        {
            _client = server.Client(client);
            Informer = new Informer(_client, s_pods, Target, options, Links.Enqueue, TimeProvider.System, NullLogger.Instance);
            _running = Informer.RunAsync(_stop.Token);
        }

        public Target Target { get; } = new();

        public ConcurrentQueue<LinkState> Links { get; } = [];

        public Informer Informer { get; }

        public static Run Start(ScriptedServer server, KubeClientOptions? client = null, InformerOptions? options = null) => new(server, client ?? Quick, options ?? s_quick);

        public Task<string> Holds(params string[] rows) => Eventually.Holds(
            () => Task.FromResult(string.Join(' ', Target.Rows.Values.Order(StringComparer.Ordinal))), seen => seen == string.Join(' ', rows), string.Join(' ', rows));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
            _client.Dispose();
        }
    }
}
