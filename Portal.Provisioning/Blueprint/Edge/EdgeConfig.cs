using System.Globalization;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.LoadBalancer;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Edge;

/// <summary>The edges' nginx configuration: what is kept, for how long, and what never is.</summary>
internal static class EdgeConfig
{
    /// <summary>Never kept, whatever the spec says: paths that services or sign-in usually have.</summary>
    private static readonly string[] s_privatePaths = ["/api", "/publish", "/consume", "/auth", "/admin"];

    public static string Nginx(StackContext stack, string location)
    {
        var edge = stack.Spec.Edge;
        var routes = RouteTable.Of(stack.Spec);
        var forwarded = Template.Fill("Edge/forwarded.conf").TrimEnd('\n');
        return Template.Fill(
            "Edge/nginx.conf",
            ("WORKERS", NginxContainer.Workers(stack.Sizes.Edge)),
            ("LOCATION", location),
            ("HOST_NAMES", string.Join(' ', stack.Spec.AllHostNames())),
            ("MAX_BODY_MIB", Number(stack.Spec.LoadBalancer.MaxBodyMiB)),
            ("TRUSTED_PROXIES", TrustedProxies(edge)),
            ("KEYS_MIB", Number(KeysMiB(stack))),
            ("CACHE_GIB", Number(edge.CacheGiB)),
            ("SESSION_COOKIES", NginxRoutes.Lines(edge.SessionCookies.Select(name => $"\"~*(^|;\\s*){NginxRoutes.Escape(name)}=\" 1;"))),
            ("PRIVATE_PATHS", NginxRoutes.Lines(PrivatePaths(edge, routes).Select(path => $"\"~^{NginxRoutes.PathPattern(path)}\" 1;"))),
            ("ROUTE_SOURCE", NginxRoutes.Source(routes)),
            ("ROUTE_HEADERS", NginxRoutes.Lines(NginxRoutes.HeaderPatterns(routes).Select(pattern => $"\"~^{pattern}\" 1;"))),
            ("QUIC_DEFAULT", Quic(edge, "        listen 8443 quic reuseport default_server;   # a socket for each worker, or packets of a connection reach another one\n")),
            ("QUIC", Quic(edge, "        listen 8443 quic;\n        http3 on;\n")),
            ("ALT_SVC", Quic(edge, $"        add_header Alt-Svc 'h3=\":{Number(Ports.HttpsWorld)}\"; ma=86400' always;   # the port of the Service, not of the pod\n")),
            ("UPSTREAM", Names.LoadBalancer),
            ("UPSTREAM_SERVERS", NginxRoutes.Servers($"{Names.LoadBalancer}:{Ports.Https}")),
            ("FORWARDED", Indented(forwarded, 8)),
            ("DEFAULT_TTL", DefaultTtl(edge.DefaultTtlSeconds)),
            ("ASSET_TTL", AssetTtl(edge.AssetTtlSeconds)),
            ("MEDIA", edge.Media ? Indented(Template.Fill("Edge/media.conf", ("FORWARDED", Indented(forwarded, 4))).TrimEnd('\n'), 8) : ""));
    }

    private static string Quic(EdgeSpec edge, string lines) => edge.Http3 ? lines : "";

    /// <remarks>Each purge is a new number.</remarks>
    public static string Epoch(EnvironmentSpec spec) => Template.Fill("Edge/epoch.conf", ("EPOCH", Number(spec.DayTwo.CachePurges + 1)));

    /// <summary>What services answer is theirs to keep: only what goes to the frontend, or takes the rest, may be shared.</summary>
    private static IEnumerable<string> PrivatePaths(EdgeSpec edge, RouteTable routes) => routes.Routes
        .Where(route => route.Service != RoutedService.Frontend && route.Path != "/")
        .Select(route => route.Path)
        .Concat(s_privatePaths)
        .Concat(edge.PrivatePaths.Select(path => path.TrimEnd('/')))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    /// <summary>The last address that is no trusted proxy's is the client's: what stands before it anybody could have written.</summary>
    private static string TrustedProxies(EdgeSpec edge) => edge.TrustedProxies.Count == 0
        ? "    # nobody stands before the edge: the client is who connects"
        : string.Concat(edge.TrustedProxies.Select(AddressText.Canonical).Distinct().Select(address => $"    set_real_ip_from {address};\n"))
            + "    real_ip_header X-Forwarded-For; real_ip_recursive on;";

    /// <summary>For answers that say nothing themselves. A missing page is asked for again soon.</summary>
    private static string DefaultTtl(int seconds) => seconds == 0
        ? "        # an answer that does not say how long it may be kept is not kept"
        : $"        proxy_cache_valid 200 301 308 {Number(seconds)}s;       # only when the origin says nothing\n        proxy_cache_valid 404 {Number(Math.Min(seconds, 30))}s;";

    /// <summary>A time of its own for assets; a location that says one time loses all inherited ones.</summary>
    private static string AssetTtl(int? seconds) => seconds switch
    {
        null => "",
        0 => "            proxy_cache_valid any 0;\n",
        _ => Indented(DefaultTtl(seconds.Value), 4) + "\n",
    };

    /// <summary>About 8000 keys a MiB: enough for files of 32 KiB, and never more than a quarter of the pod's memory.</summary>
    private static int KeysMiB(StackContext stack) => Math.Max(16, Math.Min(4 * stack.Spec.Edge.CacheGiB, stack.Sizes.Edge.MemoryMiB / 4));

    private static string Indented(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', spaces) + line));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
