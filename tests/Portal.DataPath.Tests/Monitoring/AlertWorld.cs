using System.Text.Json.Nodes;
using Portal.DataPath.Tests.Monitoring.Sinks;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;
using Portal.Testing;

namespace Portal.DataPath.Tests.Monitoring;

/// <summary>nginx and Redis with their exporters, Prometheus and Alertmanager with the rendered configuration, and somebody who hears of alerts.</summary>
/// <remarks>
/// What differs from the pods: addresses and paths; where targets come from (they carry the labels that discovery would give, so that the
/// rendered relabelling is what names the series); and the pace, seconds in place of minutes.
/// </remarks>
internal sealed class AlertWorld : IAsyncDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("portal-monitoring-");
    private readonly IReadOnlyList<int> _ports = LoopbackPorts.Free(11);
    private readonly List<LocalProgram> _programs = [];
    private readonly HttpClient _http = new();

    private AlertWorld(bool mailAsksForLogin)
    {
        Mail = new(_ports[0], mailAsksForLogin);
        Hooks = new(_ports[1]);
    }

    public MailSink Mail { get; }

    /// <summary>Hears what goes to Slack at /slack and to the webhook at /alerts.</summary>
    public HttpSink Hooks { get; }

    public string RulesFile => Path.Combine(_directory, "rules", "rules.yml");

    public string Secrets => Path.Combine(_directory, "secrets");

    private string Prometheus => $"http://127.0.0.1:{_ports[2]}";

    public static async Task<AlertWorld> StartAsync(bool mailAsksForLogin = false)
    {
        var world = new AlertWorld(mailAsksForLogin);
        try
        {
            world.StartTargets();
            world.StartAlertmanager();
            await world.StartPrometheusAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public LocalProgram StartRedisExporter() => Start("redis-exporter", "prometheus-redis-exporter", $"-redis.addr=redis://127.0.0.1:{_ports[5]}", $"-web.listen-address=127.0.0.1:{_ports[6]}");

    /// <summary>The rendered script beside Prometheus, on the shell that its image has.</summary>
    public LocalProgram StartReloader()
    {
        var script = RenderedText.Of(MonitoredStacks.Default, "prometheus-reload", "reload.sh").Save(_directory, "reload.sh");
        var tools = Directory.CreateDirectory(Path.Combine(_directory, "busybox")).FullName;
        foreach (var tool in new[] { "sh", "cat", "md5sum", "wget", "sleep" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), "/bin/busybox");
        }

        return Start("reload", "env", $"PATH={tools}", $"RELOAD={Prometheus}/-/reload", "EVERY_SECONDS=1", Path.Combine(tools, "sh"), script, Path.GetDirectoryName(RulesFile)!);
    }

    /// <summary>The values of an instant query, one for each series.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string query)
    {
        var answer = JsonNode.Parse(await _http.GetStringAsync($"{Prometheus}/api/v1/query?query={Uri.EscapeDataString(query)}"))!;
        return [.. answer["data"]!["result"]!.AsArray().Select(series => (string)series!["value"]![1]!)];
    }

    public async Task<IReadOnlySet<string>> MetricNamesAsync() =>
        JsonNode.Parse(await _http.GetStringAsync($"{Prometheus}/api/v1/label/__name__/values"))!["data"]!.AsArray().Select(name => (string)name!).ToHashSet();

    public Task UntilAsync(string query, string expected, string what) => Eventually.Holds(
        async () => string.Join(' ', await QueryAsync(query)), values => values == expected, $"{what}: {query}", TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(100));

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        await Mail.DisposeAsync();
        await Hooks.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void StartTargets()
    {
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {_directory}/{kind}; "));
        var nginx = new RenderedText("nginx.conf", $"pid {_directory}/nginx.pid; error_log {_directory}/nginx-error.log; events {{}} http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{_ports[3]}; location = /stub_status {{ stub_status; }} }} }}")
            .Save(_directory, "nginx.conf");
        Start("nginx", "/usr/sbin/nginx", "-c", nginx, "-g", "daemon off;");
        Start("nginx-exporter", "prometheus-nginx-exporter", $"-nginx.scrape-uri=http://127.0.0.1:{_ports[3]}/stub_status", $"-web.listen-address=127.0.0.1:{_ports[4]}", "-nginx.retries=50", "-nginx.retry-interval=200ms");
        Start("redis", "redis-server", "--port", $"{_ports[5]}", "--bind", "127.0.0.1", "--save", "", "--dir", _directory);
        // No server behind it: it says so.
        StartWith("mysqld-exporter", "prometheus-mysqld-exporter", new() { ["DATA_SOURCE_NAME"] = "nobody@(127.0.0.1:1)/" }, $"--web.listen-address=127.0.0.1:{_ports[7]}");
        var volume = MonitoredStacks.Default.Manifests.Single(manifest => manifest.Object.Kind == "StatefulSet" && manifest.Object.Name == "mysql").Object
            .Items("spec", "template", "spec", "containers").Single(container => (string?)container["name"] == "volume-exporter");
        Start("node-exporter", "prometheus-node-exporter", [.. volume["args"]!.AsArray().Select(argument => ((string)argument!).Replace(":9100", $"127.0.0.1:{_ports[8]}", StringComparison.Ordinal))]);
    }

    private void StartAlertmanager()
    {
        Directory.CreateDirectory(Secrets);
        File.WriteAllText(Path.Combine(Secrets, "slack-url"), $"{Hooks.Address}/slack");
        var config = MonitoredStacks.Receivers("team@shop.example", "#shop-alerts", $"{Hooks.Address}/alerts", new MailServer("127.0.0.1", _ports[0], "alerts@portal.example", false))
            .With("/run/secrets/alert-receivers", Secrets)
            .With("group_wait: 30s", "group_wait: 1s")
            .With("group_interval: 5m", "group_interval: 2s")
            .Save(_directory, "alertmanager.yml");
        Start("alertmanager", "prometheus-alertmanager", $"--config.file={config}", $"--storage.path={_directory}/alertmanager", $"--web.listen-address=127.0.0.1:{_ports[9]}", "--cluster.listen-address=");
    }

    private async Task StartPrometheusAsync()
    {
        MonitoredStacks.Rules(MonitoredStacks.Default).With("expr: up{namespace=\"shop\"} == 0\n    for: 2m", "expr: up{namespace=\"shop\"} == 0\n    for: 1s").Save(_directory, "rules/rules.yml");
        new RenderedText("targets", Targets().ToJsonString()).Save(_directory, "targets.json");
        var config = MonitoredStacks.PodsAlone(MonitoredStacks.PrometheusWithTargetsFrom(Path.Combine(_directory, "targets.json")))
            .With("/etc/prometheus-rules", Path.Combine(_directory, "rules"))
            .With("- dns_sd_configs: [{names: [\"alertmanager.shop.svc\"], type: A, port: 9093}]", $"- static_configs: [{{targets: [\"127.0.0.1:{_ports[9]}\"]}}]")
            .With("_interval: 15s", "_interval: 1s").With("scrape_timeout: 10s", "scrape_timeout: 1s")
            .Save(_directory, "prometheus.yml");
        var prometheus = Start("prometheus", "prometheus", $"--config.file={config}", $"--storage.tsdb.path={_directory}/tsdb", $"--web.listen-address=127.0.0.1:{_ports[2]}", "--web.enable-lifecycle",
            // An alert that fires before Alertmanager is discovered is sent again after this.
            "--rules.alert.resend-delay=2s");
        await prometheus.UntilAsync(async () =>
        {
            try
            {
                return (await _http.GetAsync(new Uri($"{Prometheus}/-/ready"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "Prometheus is ready");
    }

    /// <summary>What discovery would say of the pods: one pod for each program.</summary>
    private JsonArray Targets() =>
    [
        Target("edge", "edge-jakarta-0", "metrics", _ports[4]), Target("redis", "redis-s0-0", "metrics", _ports[6]), Target("mysql", "mysql-0", "metrics", _ports[7]),
        Target("mysql", "mysql-0", "metrics-volume", _ports[8]), Target("metrics", "prometheus-0", "metrics", _ports[2]), Target("alerting", "alertmanager-0", "metrics", _ports[9]),
        // A port by another name is no target.
        Target("redis", "redis-s0-0", "redis", _ports[5]),
    ];

    private static JsonObject Target(string component, string pod, string port, int number) => new()
    {
        ["targets"] = new JsonArray($"127.0.0.1:{number}"),
        ["labels"] = new JsonObject
        {
            ["__meta_kubernetes_namespace"] = "shop",
            ["__meta_kubernetes_pod_container_port_name"] = port,
            ["__meta_kubernetes_pod_phase"] = "Running",
            ["__meta_kubernetes_pod_label_app_kubernetes_io_component"] = component,
            ["__meta_kubernetes_pod_name"] = pod,
            ["__meta_kubernetes_pod_container_name"] = "exporter",
        },
    };

    private LocalProgram Start(string name, string program, params IReadOnlyList<string> arguments) => StartWith(name, program, [], arguments);

    private LocalProgram StartWith(string name, string program, Dictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var started = LocalProgram.Start(Path.Combine(_directory, $"{name}.log"), program, arguments, environment);
        _programs.Add(started);
        return started;
    }
}
