using System.Text;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Routing;

/// <summary>Routes as nginx maps and upstreams.</summary>
/// <remarks>
/// One map decides, over the values of all headers that routes name and then the path, one on each line: its patterns are tried in order,
/// so the first route that matches wins. No header can hold the line break; a decoded path can, and so it is last.
/// </remarks>
internal static class NginxRoutes
{
    /// <summary>What the map of the pools looks at.</summary>
    public static string Source(RouteTable table) =>
        table.Headers.Count == 0 ? "$uri" : $"\"{string.Concat(table.Headers.Select(header => $"{Variable(header)}\\n"))}$uri\"";

    /// <summary>Entries of the map from a request to the name of an upstream.</summary>
    public static string Pools(RouteTable table) => Pools(table, route => NginxCanaries.Target(table, route.Service, RouteTable.NameOf(route.Service)));

    /// <param name="upstream">The name of the upstream that a route leads to.</param>
    public static string Pools(RouteTable table, Func<RouteSpec, string> upstream) => Lines(table.Routes.Select(route => route is { Path: "/", Header: null }
        ? $"default {upstream(route)};"
        : $"\"~^{HeaderPattern(table, route)}{PathPattern(route.Path)}\" {upstream(route)};"));

    /// <summary>An nginx upstream for each service that is routed to, and what chooses between a service and its canary.</summary>
    /// <param name="client">The variable that holds the client's address.</param>
    public static string Upstreams(RouteTable table, string client) => string.Join('\n',
    [
        .. table.Services.Select(service => Upstream(RouteTable.NameOf(service), ServerOf(service))),
        .. NginxCanaries.Blocks(table, RouteTable.NameOf, client),
    ]);

    /// <param name="settings">What stands behind the usual ones.</param>
    public static string Upstream(string name, string server, string settings = "") =>
        $"    upstream {name} {{ zone {name} 64k; {Servers(server)} keepalive 32;{settings} }}";

    /// <summary>The Service of a service, as nginx names a server.</summary>
    public static string ServerOf(RoutedService service) => $"{RouteTable.NameOf(service)}:{Ports.Http}";

    /// <summary>The same Service twice: a connection that fails is opened once more, and the Service then mostly picks another pod.</summary>
    /// <remarks>A Service balances over the pods, so nginx must never mark it down.</remarks>
    public static string Servers(string server) => $"server {server} max_fails=0; server {server} max_fails=0;";

    /// <summary>A path and what is below it.</summary>
    public static string PathPattern(string path) => path == "/" ? "/" : $"{Escape(path)}(/|\\z)";

    /// <summary>The characters that specs allow in paths and names; of these the dot alone means something in a pattern.</summary>
    public static string Escape(string text) => text.Replace(".", "\\.", StringComparison.Ordinal);

    /// <summary>The nginx variable that holds a request header.</summary>
    public static string Variable(string header) => $"$http_{header.Replace('-', '_')}";

    public static string Lines(IEnumerable<string> entries)
    {
        var lines = new StringBuilder();
        foreach (var entry in entries)
        {
            lines.Append("        ").Append(entry).Append('\n');
        }

        return lines.ToString().TrimEnd('\n');
    }

    /// <summary>Patterns that find a request with any header that routes, whatever its path.</summary>
    public static IEnumerable<string> HeaderPatterns(RouteTable table) =>
        table.Routes.Where(route => route.Header is not null).Select(route => HeaderPattern(table, route)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string HeaderPattern(RouteTable table, RouteSpec route) =>
        string.Concat(table.Headers.Select(header => header == route.Header ? $"{Escape(route.Value!)}\\n" : "[^\\n]*\\n"));
}
