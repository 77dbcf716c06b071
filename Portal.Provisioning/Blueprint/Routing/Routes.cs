using System.Text;

namespace Portal.Provisioning.Blueprint.Routing;

/// <summary>Which path belongs to which service. The load balancer, the ingress tier and Ingress objects read it here.</summary>
internal static class Routes
{
    /// <summary>Longest prefixes first; the last one takes the rest.</summary>
    public static IReadOnlyList<(string Prefix, string Service)> All { get; } =
        [("/api", Names.Gateway), ("/publish", Names.Publish), ("/consume", Names.Consume), ("/", Names.Frontend)];

    /// <summary>Entries of an nginx map from path to the name of an upstream.</summary>
    public static string Pools()
    {
        var entries = new StringBuilder();
        foreach (var (prefix, service) in All)
        {
            entries.Append(prefix == "/" ? $"        default {service};\n" : $"        \"~^{prefix}(/|$)\" {service};\n");
        }

        return entries.ToString().TrimEnd('\n');
    }

    /// <summary>An nginx upstream for each service.</summary>
    public static string Upstreams() => Upstreams(service => $"{service}:{Ports.Http}");

    /// <summary>An nginx upstream for each service, all leading to the next tier, which knows where they are.</summary>
    public static string UpstreamsTo(string server) => Upstreams(_ => server);

    private static string Upstreams(Func<string, string> server) => string.Join('\n', All.Select(route =>
        // A Service balances over the pods, so nginx must never mark it down.
        $"    upstream {route.Service} {{ zone {route.Service} 64k; server {server(route.Service)} max_fails=0; keepalive 32; }}"));
}
