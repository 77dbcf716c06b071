using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.LoadBalancer;

/// <summary>The load balancer as it is rendered, with the installed ModSecurity and its core rule set. The tier behind it is stood in for by an origin for each service.</summary>
internal sealed class LocalLoadBalancer : IAsyncDisposable
{
    private const string Host = "shop.apps.example";

    private readonly IReadOnlyDictionary<string, Origin> _origins;

    private readonly int _port;

    private LocalLoadBalancer(RenderedStack stack, KeyPair certificate, LocalNginx nginx, Browser browser, int port, IReadOnlyDictionary<string, Origin> origins)
    {
        Stack = stack;
        Certificate = certificate;
        Nginx = nginx;
        Browser = browser;
        _port = port;
        _origins = origins;
    }

    public RenderedStack Stack { get; }

    /// <summary>What it shows to the edges.</summary>
    public KeyPair Certificate { get; }

    public int Port => _port;

    public LocalNginx Nginx { get; }

    public Browser Browser { get; }

    public static EnvironmentSpec Spec { get; } = Presets.Create(Preset.Small, Purpose.Production, Host) is var spec
        ? spec with { LoadBalancer = spec.LoadBalancer with { Waf = WafMode.Blocking, RequestsPerSecond = 1000 } }
        : throw new InvalidOperationException();

    /// <param name="change">What the test wants otherwise.</param>
    /// <param name="servers">Changes the upstreams once they lead to this machine.</param>
    public static async Task<LocalLoadBalancer> StartAsync(Func<LoadBalancerSpec, LoadBalancerSpec>? change = null, Func<RenderedText, RenderedText>? servers = null)
    {
        var stack = RenderedText.Stack(Spec with { LoadBalancer = (change ?? (same => same))(Spec.LoadBalancer) });
        var rendered = RenderedText.Of(stack, "load-balancer-conf", "nginx.conf");
        var origins = new Dictionary<string, Origin>();
        foreach (var service in (string[])["frontend", "gateway", "publish", "consume"])
        {
            if (rendered.Text.Contains(Tier(service, "ingress:8080"), StringComparison.Ordinal))
            {
                origins.Add(service, await Origin.NamedAsync(service));
            }
        }

        return await StartAsync(stack, origins, config =>
        {
            foreach (var (service, origin) in origins)
            {
                config = config.With(Tier(service, "ingress:8080"), Tier(service, $"127.0.0.1:{origin.Port}"));
            }

            return servers is null ? config : servers(config);
        });

        // The tier routes by itself; here each pool of the load balancer has an origin of its own, so that the pool is seen.
        static string Tier(string service, string server) => $"zone {service} 64k; server {server} max_fails=0; server {server} max_fails=0;";
    }

    /// <param name="origins">What it is disposed with.</param>
    /// <param name="lead">Leads the upstreams to this machine.</param>
    public static async Task<LocalLoadBalancer> StartAsync(RenderedStack stack, IReadOnlyDictionary<string, Origin> origins, Func<RenderedText, RenderedText> lead)
    {
        var (port, statusPort) = (LoopbackPorts.Free(2) is [var one, var two]) ? (one, two) : throw new InvalidOperationException();
        var directory = LocalNginx.NewDirectory();
        var tls = KeyPair.Of(stack, "load-balancer-tls");
        tls.Save(Path.Combine(directory, "etc", "tls"));
        Firewall(stack, directory);
        var config = (await LocalNginx.LocalAsync(RenderedText.Of(stack, "load-balancer-conf", "nginx.conf"), directory, statusPort))
            .With("/etc/nginx/tls/", $"{directory}/etc/tls/").With("/etc/nginx/waf/", $"{directory}/etc/waf/")
            // Edges have private addresses; here they have the loopback one.
            .With("set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 127.0.0.0/8;")
            .With("listen 8443", $"listen 127.0.0.1:{port}");
        var nginx = await LocalNginx.StartAsync(lead(config), directory, statusPort);
        return new(stack, tls, nginx, new Browser(port, tls.ForClients()), port, origins);
    }

    /// <summary>The firewall's files where nginx finds them, with the rules that this machine has.</summary>
    public static void Firewall(RenderedStack stack, string directory)
    {
        foreach (var file in (string[])["crs-setup.conf", "exclusions-before.conf", "exclusions-after.conf"])
        {
            RenderedText.Of(stack, "load-balancer-waf", file).Save(directory, $"etc/waf/{file}");
        }

        RenderedText.Of(stack, "load-balancer-waf", "main.conf")
            .With("SecTmpDir /tmp/", $"SecTmpDir {directory}/tmp/").With("SecDataDir /tmp/", $"SecDataDir {directory}/tmp/")
            .With("/etc/modsecurity.d/unicode.mapping", "/etc/nginx/unicode.mapping")
            .With("/opt/owasp-crs/rules/", "/usr/share/modsecurity-crs/rules/")
            .With("Include /etc/nginx/waf/", $"Include {directory}/etc/waf/")
            .Save(directory, "etc/waf/main.conf");
    }

    public Origin Of(string service) => _origins[service];

    /// <summary>As an edge asks: for a client at an address.</summary>
    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        Browser.GetAsync($"https://{Host}{path}", [("Accept", "*/*"), ("User-Agent", "Mozilla/5.0"), .. headers]);

    public Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content) =>
        Browser.SendAsync(method, $"https://{Host}{path}", content, ("Accept", "*/*"), ("User-Agent", "Mozilla/5.0"));

    /// <summary>The status of a request whose path is sent as it is spelled, which no client of .NET does.</summary>
    public async Task<int> StatusOfRawAsync(string target)
    {
        var (_, output) = await RunToEnd.Async("curl", ["-sk", "--path-as-is", "--connect-to", $"{Host}:443:127.0.0.1:{_port}", "-A", "Mozilla/5.0", "-o", "/dev/null", "-w", "%{http_code}", $"https://{Host}{target}"]);
        return int.Parse(output, System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Nginx.DisposeAsync();
        foreach (var origin in _origins.Values)
        {
            await origin.DisposeAsync();
        }
    }
}
