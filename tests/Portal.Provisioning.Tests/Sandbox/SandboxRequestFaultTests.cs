using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Provisioning.Sandbox;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>Faults of requests, seen by a client over the wire.</summary>
public class SandboxRequestFaultTests : SandboxTest
{
    private const string Maps = "api/v1/namespaces/shop/configmaps";
    private const string Body = """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"b"}}""";

    [Fact]
    public async Task RequestFault_WithASkip_HitsTheNthMatchingRequestOnly()
    {
        Cluster.Faults.Add(new RequestFault("patch", "ConfigMap", 503, Times: 1) { Skip = 2 });

        var codes = new List<HttpStatusCode>();
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            codes.Add((await Apply($"{Maps}/{name}", Body)).Code);
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Created], codes);
    }

    [Fact]
    public async Task RequestFault_ForOneName_LeavesOthersAlone()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("create", "ConfigMap", 500) { Namespace = "shop", Name = "bad" });

        var (good, _) = await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"good"}}""");
        var (bad, _) = await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"bad"}}""");

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.InternalServerError], [good, bad]);
    }

    [Fact]
    public async Task RequestFault_WithADelay_AnswersLate()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("list", "ConfigMap") { Effect = RequestEffect.Serve, Delay = TimeSpan.FromMilliseconds(300) });

        var clock = Stopwatch.StartNew();
        var (code, _) = await Get(Maps);

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.True(clock.ElapsedMilliseconds >= 290, $"It took {clock.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task SlowBody_OfAList_ComesWholeAndInPieces()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("list", "ConfigMap") { Effect = RequestEffect.SlowBody, Delay = TimeSpan.FromMilliseconds(400) });

        var clock = Stopwatch.StartNew();
        using var response = await Http.GetAsync(Maps, HttpCompletionOption.ResponseHeadersRead);
        var untilHead = clock.ElapsedMilliseconds;
        var list = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("ConfigMapList", (string?)list["kind"]);
        Assert.True(clock.ElapsedMilliseconds - untilHead >= 250, $"The body took {clock.ElapsedMilliseconds - untilHead} ms.");
    }

    [Fact]
    public async Task CutBody_OfAList_BreaksOffInTheMiddle()
    {
        using var fault = Cluster.Faults.Add(new RequestFault("list", "ConfigMap") { Effect = RequestEffect.CutBody });
        using var response = await Http.GetAsync(Maps, HttpCompletionOption.ResponseHeadersRead);

        var (text, broke) = await ReadAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(broke);
        Assert.StartsWith("""{"kind":"ConfigMapList""", text);
        Assert.Equal(response.Content.Headers.ContentLength / 2, text.Length);
    }

    [Fact]
    public async Task CutBody_OfAWatch_BreaksOffInTheMiddleOfALine()
    {
        await Apply($"{Maps}/one", Body);
        await Apply($"{Maps}/two", Body);
        using var fault = Cluster.Faults.Add(new RequestFault("watch", "ConfigMap") { Effect = RequestEffect.CutBody, WholeEvents = 1 });
        using var response = await Http.GetAsync($"{Maps}?watch=true", HttpCompletionOption.ResponseHeadersRead);

        var (text, broke) = await ReadAsync(response);

        Assert.True(broke);
        var lines = text.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal("ADDED", (string?)JsonNode.Parse(lines[0])!["type"]);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(lines[1]));
    }

    [Theory]
    [InlineData(RequestEffect.CutBefore, HttpStatusCode.NotFound)]
    [InlineData(RequestEffect.CutAfter, HttpStatusCode.OK)]
    public async Task Write_CutByAFault_IsStoredOrNotAsTheFaultSays(RequestEffect effect, HttpStatusCode afterwards)
    {
        using (Cluster.Faults.Add(new RequestFault("patch", "ConfigMap") { Effect = effect }))
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Apply($"{Maps}/one", Body));
        }

        Assert.Equal(afterwards, (await Get($"{Maps}/one")).Code);
    }

    [Fact]
    public async Task Expire_OfAWatch_TellsToListAgain()
    {
        var version = (string?)(await Get(Maps)).Body["metadata"]!["resourceVersion"];
        using var fault = Cluster.Faults.Add(new RequestFault("watch", "ConfigMap", Times: 1) { Effect = RequestEffect.Expire });

        using var stream = new StreamReader(await Http.GetStreamAsync($"{Maps}?watch=true&resourceVersion={version}"));
        var answer = JsonNode.Parse((await stream.ReadLineAsync())!)!;

        Assert.Equal("ERROR", (string?)answer["type"]);
        Assert.Equal(410, (int?)answer["object"]!["code"]);
    }

    [Fact]
    public async Task Expire_OfAContinueToken_AnswersGoneAndLeavesFirstPagesAlone()
    {
        await Apply($"{Maps}/one", Body);
        await Apply($"{Maps}/two", Body);
        using var fault = Cluster.Faults.Add(new RequestFault("list", "ConfigMap") { Effect = RequestEffect.Expire });

        var (first, page) = await Get($"{Maps}?limit=1");
        var (second, status) = await Get($"{Maps}?limit=1&continue={Uri.EscapeDataString((string)page["metadata"]!["continue"]!)}");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Gone], [first, second]);
        Assert.Equal("Expired", (string?)status["reason"]);
    }

    [Fact]
    public async Task GoAway_WhileItLasts_BreaksWatchesAndRefusesConnections()
    {
        using var watch = new StreamReader(await Http.GetStreamAsync($"{Maps}?watch=true&labelSelector=color=none"));
        using (Cluster.Faults.GoAway())
        {
            await Assert.ThrowsAnyAsync<IOException>(() => watch.ReadLineAsync());
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Http.GetAsync("readyz"));
        }

        Assert.Equal(HttpStatusCode.OK, (await Get(Maps)).Code);
    }

    [Fact]
    public async Task ObserveWrites_SeesEachWriteBeforeAndAfter()
    {
        var seen = new ConcurrentQueue<WriteSeen>();
        using (Cluster.Faults.ObserveWrites(write =>
        {
            seen.Enqueue(write);
            return Task.CompletedTask;
        }))
        {
            await Send(HttpMethod.Post, Maps, """{"metadata":{"name":"one"}}""");
            await Get(Maps);
            await Apply($"{Maps}/two", Body, query: "&dryRun=All");
            await Send(HttpMethod.Delete, $"{Maps}/nowhere");
        }

        await Send(HttpMethod.Delete, $"{Maps}/one");

        Assert.Equal(
            [
                "1 Arrived create one False 0", "1 Done create one False 201",
                "2 Arrived patch two True 0", "2 Done patch two True 201",
                "3 Arrived delete nowhere False 0", "3 Done delete nowhere False 404",
            ],
            seen.Select(write => $"{write.Number} {write.Stage} {write.Verb} {write.Name} {write.DryRun} {write.Status}"));
    }

    [Fact]
    public async Task ObserveWrites_StoppedAtItsEnd_HasStoredWithoutTellingTheClient()
    {
        using var stop = new CancellationTokenSource();
        using var observing = Cluster.Faults.ObserveWrites(write => write.Stage == WriteStage.Done ? stop.CancelAsync() : Task.CompletedTask);
        using var content = new StringContent("""{"metadata":{"name":"one"}}""", Encoding.UTF8, "application/json");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Http.PostAsync(Maps, content, stop.Token));

        Assert.Equal(HttpStatusCode.OK, (await Get($"{Maps}/one")).Code);
    }

    private static async Task<(string Text, bool Broke)> ReadAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            return (text.ToString(), false);
        }
        catch (IOException)
        {
            return (text.ToString(), true);
        }
    }
}
