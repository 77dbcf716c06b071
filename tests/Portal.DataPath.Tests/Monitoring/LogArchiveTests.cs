using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Portal.DataPath.Tests.Monitoring.Sinks;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>The rendered script of the log archive against a server that answers like Loki's query_range.</summary>
public sealed class LogArchiveTests : IAsyncDisposable
{
    private const string Day = "2026-03-10";
    private const long Second = 1_000_000_000;

    private static readonly long s_midnight = new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Second;

    private readonly string _directory = TemporaryDirectory.Create("portal-archive-");
    private readonly List<(long Time, string Component, string Line)> _lines = [];
    private readonly HttpSink _loki;

    private Func<bool> _isBroken = () => false;

    public LogArchiveTests() => _loki = new(LoopbackPorts.Free(1)[0], Answer);

    public async ValueTask DisposeAsync()
    {
        await _loki.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Archive_ADayOfManyPages_HoldsEveryLineOnceInOrder()
    {
        Fill(1000);

        var (code, output) = await ArchiveAsync(page: 64, Day);

        Assert.True(code == 0, output);
        var lines = Read(Day);
        Assert.Equal(_lines.Where(line => line.Time >= s_midnight && line.Time < s_midnight + 86_400 * Second).Select(line => line.Line).Order(StringComparer.Ordinal), lines.Select(line => (string)line["line"]!).Order(StringComparer.Ordinal));
        Assert.Equal(lines.Select(line => (string)line["time"]!).Order(StringComparer.Ordinal), lines.Select(line => (string)line["time"]!));
        Assert.Contains($"Archived {Day}: 1000 lines.", output, StringComparison.Ordinal);
        Assert.Equal(["edge", "mysql"], lines.Select(line => (string)line["labels"]!["component"]!).Distinct().Order());
    }

    [Fact]
    public async Task Archive_ADayThatEndsWithAFullPage_HoldsEveryLine()
    {
        Fill(128);

        var (code, output) = await ArchiveAsync(page: 64, Day);

        Assert.True(code == 0, output);
        Assert.Equal(128, Read(Day).Count);
    }

    [Fact]
    public async Task Archive_MoreLinesOfOneTimeThanAPageHolds_FailsAndLeavesNoFile()
    {
        _lines.AddRange(Enumerable.Range(0, 20).Select(i => (s_midnight, "edge", $"line {i}")));

        var (code, output) = await ArchiveAsync(page: 10, Day);

        Assert.NotEqual(0, code);
        Assert.Contains("have the same time", output, StringComparison.Ordinal);
        Assert.False(File.Exists(FileOf(Day)));
    }

    [Fact]
    public async Task Archive_LokiFailsHalfWay_LeavesNoFileAndTheNextRunMakesIt()
    {
        Fill(200);
        var asked = 0;
        _isBroken = () => ++asked > 2;
        Assert.NotEqual(0, (await ArchiveAsync(page: 64, Day)).Code);
        Assert.False(File.Exists(FileOf(Day)));

        _isBroken = () => false;
        var (code, output) = await ArchiveAsync(page: 64, Day);

        Assert.True(code == 0, output);
        Assert.Equal(200, Read(Day).Count);
        Assert.Empty(Directory.GetFiles(_directory, "*.part"));
    }

    [Fact]
    public async Task Archive_AtNight_WritesTheMissingDaysAndRemovesThoseThatAreTooOld()
    {
        var yesterday = TimeProvider.System.GetUtcNow().Date.AddDays(-1);
        foreach (var day in new[] { yesterday.AddDays(-40), yesterday.AddDays(-20) })
        {
            await File.WriteAllTextAsync(FileOf(Text(day)), "");
        }

        var (code, output) = await ArchiveAsync(page: 64);

        Assert.True(code == 0, output);
        var files = Directory.GetFiles(_directory, "*.gz").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Equal([.. new[] { -20, -2, -1, 0 }.Select(back => $"{Text(yesterday.AddDays(back))}.jsonl.gz")], files);
    }

    /// <summary>Lines of one day in two streams, several with the same time, and some just outside of the day.</summary>
    private void Fill(int count)
    {
        _lines.Add((s_midnight - 1, "edge", "before the day"));
        _lines.Add((s_midnight + 86_400 * Second, "edge", "after the day"));
        _lines.AddRange(Enumerable.Range(0, count).Select(i => (s_midnight + i / 3 * 7 * Second, i % 2 == 0 ? "edge" : "mysql", $"line {i} \"quoted\" \\ ü")));
    }

    private async Task<(int Code, string Output)> ArchiveAsync(int page, params string[] day)
    {
        var spec = MonitoredStacks.Spec;
        var stack = RenderedText.Stack(spec with { Logs = spec.Logs with { ArchiveDays = 30 } });
        var script = RenderedText.Of(stack, "logs-archive-scripts", "archive.sh").Save(Path.Combine(_directory, "scripts"), "archive.sh");
        return await RunToEnd.Async("bash", [script, .. day], new Dictionary<string, string>
        {
            ["LOKI"] = _loki.Address, ["ARCHIVE"] = _directory, ["KEEP_DAYS"] = "30", ["LOOK_BACK_DAYS"] = "3", ["PAGE"] = page.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>As Loki answers: a number of lines over all streams, from the first time on, each stream in order of time; the end is not part of it.</summary>
    private (int, string) Answer(HttpListenerRequest request)
    {
        if (_isBroken())
        {
            return (400, "too many outstanding requests");
        }

        Assert.Equal(("/loki/api/v1/query_range", "forward"), (request.Url!.AbsolutePath, request.QueryString["direction"]));
        var (start, end, limit) = (Number(request, "start"), Number(request, "end"), (int)Number(request, "limit"));
        var streams = _lines.Where(line => line.Time >= start && line.Time < end).OrderBy(line => line.Time).Take(limit).GroupBy(line => line.Component)
            .Select(stream => (JsonNode)new JsonObject
            {
                ["stream"] = new JsonObject { ["component"] = stream.Key },
                ["values"] = new JsonArray([.. stream.Select(line => (JsonNode)new JsonArray(line.Time.ToString(CultureInfo.InvariantCulture), line.Line))]),
            });
        return (200, new JsonObject { ["status"] = "success", ["data"] = new JsonObject { ["resultType"] = "streams", ["result"] = new JsonArray([.. streams]) } }.ToJsonString());
    }

    private List<JsonNode> Read(string day)
    {
        using var unzip = new GZipStream(File.OpenRead(FileOf(day)), CompressionMode.Decompress);
        using var reader = new StreamReader(unzip);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private string FileOf(string day) => Path.Combine(_directory, $"{day}.jsonl.gz");

    private static long Number(HttpListenerRequest request, string name) => long.Parse(request.QueryString[name]!, CultureInfo.InvariantCulture);

    private static string Text(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
