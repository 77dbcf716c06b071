using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.DataPath.Tests.Edge;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>A rendered edge before an origin, the prober that asks both, and Prometheus with the rendered configuration and rules.</summary>
/// <remarks>
/// What differs from the pods: addresses and paths, and the pace. The origin stands for the load balancer, and a page of this process
/// for kube-state-metrics, which Debian does not have.
/// </remarks>
internal sealed class EntryWorld : IAsyncDisposable
{
    private static readonly RenderedStack s_stack = RenderedText.Stack(LocalEdge.Spec);

    private readonly string _directory = TemporaryDirectory.Create("portal-entry-");
    private readonly IReadOnlyList<int> _ports = LoopbackPorts.Free(2);
    private readonly HttpClient _http = new();
    private readonly List<LocalProgram> _programs = [];
    private readonly List<Origin> _origins = [];

    public LocalEdge Edge { get; private set; } = null!;

    /// <summary>What the site answers at its root.</summary>
    public int Status { get; set; } = 200;

    private string Prometheus => $"http://127.0.0.1:{_ports[1]}";

    /// <param name="daysLeft">Until the certificate of the edge ends.</param>
    /// <param name="states">What kube-state-metrics says.</param>
    public static async Task<EntryWorld> StartAsync(int daysLeft, string states)
    {
        var world = new EntryWorld();
        try
        {
            await world.RunAsync(daysLeft, states);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The values of an instant query, one for each series.</summary>
    public async Task<string> QueryAsync(string query)
    {
        var answer = JsonNode.Parse(await _http.GetStringAsync($"{Prometheus}/api/v1/query?query={Uri.EscapeDataString(query)}"))!;
        return string.Join(' ', answer["data"]!["result"]!.AsArray().Select(series => (string)series!["value"]![1]!));
    }

    public Task UntilAsync(string query, string expected) =>
        Eventually.Holds(() => QueryAsync(query), value => value == expected, query, TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(100));

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        if (Edge is not null)
        {
            await Edge.DisposeAsync();
        }

        foreach (var origin in _origins)
        {
            await origin.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task RunAsync(int daysLeft, string states)
    {
        var upstream = LocalEdge.Upstream(s_stack);
        var balancer = await OriginAsync(AnswerAsync, upstream);
        var stateMetrics = await OriginAsync(context => context.Response.WriteAsync(states), null);
        // A certificate of the stack holds for a year.
        var certified = new ShiftedClock();
        certified.Jump(TimeSpan.FromDays(daysLeft - 365));
        Edge = await LocalEdge.StartAsync(s_stack, upstream, balancer.Port, certified);

        var prober = RenderedText.Of(s_stack, "blackbox-conf", "blackbox.yml").Save(_directory, "blackbox.yml");
        Start("blackbox", "prometheus-blackbox-exporter", $"--config.file={prober}", $"--web.listen-address=127.0.0.1:{_ports[0]}");

        MonitoredStacks.Rules(s_stack)
            .With("tier!=\"\"} == 0\n    for: 2m", "tier!=\"\"} == 0\n    for: 1s")
            .With("14 * 86400\n    for: 1h", "14 * 86400\n    for: 1s")
            .With("3 * 86400\n    for: 10m", "3 * 86400\n    for: 1s")
            .Save(_directory, "rules/rules.yml");
        new RenderedText("no pods", "[]").Save(_directory, "targets.json");
        var config = MonitoredStacks.PrometheusWithTargetsFrom(Path.Combine(_directory, "targets.json"), s_stack)
            .With("/etc/prometheus-rules", Path.Combine(_directory, "rules"))
            .With("    - dns_sd_configs: [{names: [\"alertmanager.shop.svc\"], type: A, port: 9093}]", "    []")
            .With("https://edge-jakarta.shop.svc/", $"https://127.0.0.1:{Edge.Port}/")
            .With("https://load-balancer.shop.svc:8443/healthz", $"https://127.0.0.1:{balancer.Port}/healthz")
            .With("blackbox.shop.svc:9115", $"127.0.0.1:{_ports[0]}")
            .With("kube-state-metrics.shop.svc:8080", $"127.0.0.1:{stateMetrics.Port}")
            .With("_interval: 15s", "_interval: 1s").With("_interval: 30s", "_interval: 2s").With("scrape_timeout: 10s", "scrape_timeout: 1s")
            .Save(_directory, "prometheus.yml");
        var prometheus = Start("prometheus", "prometheus", $"--config.file={config}", $"--storage.tsdb.path={_directory}/tsdb", $"--web.listen-address=127.0.0.1:{_ports[1]}");
        await prometheus.UntilAsync(IsReadyAsync, "Prometheus is ready");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/" ? Status : 200;
        // Or the edge would answer out of its cache.
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync("the site");
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await _http.GetAsync(new Uri($"{Prometheus}/-/ready"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private async Task<Origin> OriginAsync(RequestDelegate answer, KeyPair? tls)
    {
        var origin = await Origin.StartAsync(context => answer(context), tls);
        _origins.Add(origin);
        return origin;
    }

    private LocalProgram Start(string name, string program, params IReadOnlyList<string> arguments)
    {
        var started = LocalProgram.Start(Path.Combine(_directory, $"{name}.log"), program, arguments);
        _programs.Add(started);
        return started;
    }
}
