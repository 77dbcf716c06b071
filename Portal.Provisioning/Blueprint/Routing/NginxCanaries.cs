using System.Globalization;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Routing;

/// <summary>Canaries in nginx: which requests of a service go to the new image.</summary>
/// <remarks>
/// The route decides first, then the header, then the weight. The weight is one of clients, by address and browser: somebody who has seen the new one sees it
/// again, and who shares an address (an office, a mobile network) is not all or nothing. The image is part of the key, so that the next trial falls on others;
/// a raised weight keeps those who have it.
/// </remarks>
internal static class NginxCanaries
{
    /// <summary>Name of the canary's Service, Deployment and upstream.</summary>
    public static string NameOf(RoutedService service) => $"{RouteTable.NameOf(service)}{Labels.CanarySuffix}";

    /// <summary>What a route to a service leads to: its upstream, or the variable that chooses between two.</summary>
    public static string Target(RouteTable table, RoutedService service, string stable) => table.CanaryOf(service) is null ? stable : Chosen(service);

    /// <summary>The choice for each service with a canary and the upstreams that it needs; empty when there is none.</summary>
    /// <param name="stable">The name of the upstream of a service's stable pods.</param>
    /// <param name="client">The variable that holds the client's address.</param>
    public static IEnumerable<string> Blocks(RouteTable table, Func<RoutedService, string> stable, string client) =>
        table.Services.SelectMany(service => table.CanaryOf(service) is { } canary ? Blocks(service, canary, stable(service), client) : []);

    private static IEnumerable<string> Blocks(RoutedService service, CanarySpec canary, string stable, string client)
    {
        var rest = stable;
        if (canary.WeightPercent > 0)
        {
            rest = $"$weighted_{RouteTable.NameOf(service)}";
            var weighted = $"{RouteTable.NameOf(service)}-weighted";
            yield return $"    split_clients \"{client} $http_user_agent {Names.Hash(canary.Image)}\" {rest} {{ {canary.WeightPercent.ToString(CultureInfo.InvariantCulture)}% {weighted}; * {stable}; }}";
            // Who did not ask for the canary does not see that it cannot be reached: the stable pods answer.
            yield return $"    upstream {weighted} {{ zone {weighted} 64k; server {ServerOf(service)} max_fails=0; server {NginxRoutes.ServerOf(service)} max_fails=0 backup; keepalive 32; }}";
        }

        yield return $"    map $http_x_canary {Chosen(service)} {{ default {rest}; {CanarySpec.Always} {NameOf(service)}; {CanarySpec.Never} {stable}; }}";
        yield return NginxRoutes.Upstream(NameOf(service), ServerOf(service));
    }

    private static string Chosen(RoutedService service) => $"$chosen_{RouteTable.NameOf(service)}";

    private static string ServerOf(RoutedService service) => $"{NameOf(service)}:{Ports.Http}";
}
