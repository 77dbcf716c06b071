using System.Globalization;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Ingress;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.LoadBalancer;

/// <summary>Where the load balancer sends what passed the firewall: to the ingress tier, the environment's own or a shared controller, and to a service itself only where that tier cannot route.</summary>
internal static class NextHop
{
    /// <summary>A controller's own time for an idle connection is not ours to know; those in use keep one for a minute and more.</summary>
    private const string SharedKeepAlive = " keepalive_timeout 30s;";

    /// <summary>Of the client and not of the edge.</summary>
    private const string ClientAddress = "$remote_addr";

    public static string Pools(RouteTable routes, IngressChoice ingress) =>
        NginxRoutes.Pools(routes, route => ingress.GoesDirect(routes, route) ? Target(routes, ingress, route.Service) : RouteTable.NameOf(route.Service));

    public static string Upstreams(RouteTable routes, IngressChoice ingress)
    {
        var (server, keepAlive) = ingress.Controller is { } shared ? (Address(shared), SharedKeepAlive) : ($"{Names.Ingress}:{Ports.Http}", "");
        return string.Join('\n',
        [
            .. routes.Where(route => !ingress.GoesDirect(routes, route)).Services.Select(service => NginxRoutes.Upstream(RouteTable.NameOf(service), server, keepAlive)),
            .. routes.Where(route => ingress.GoesDirect(routes, route)).Services.Select(service => NginxRoutes.Upstream(Direct(service), NginxRoutes.ServerOf(service))),
            .. HasCanaries(ingress) ? NginxCanaries.Blocks(routes, Direct, ClientAddress) : [],
        ]);
    }

    /// <summary>The check of the configuration says of a shared controller what nginx would say of any name.</summary>
    public static string BeforeCheck(IngressChoice ingress) => ingress.Controller is not { } shared ? "" :
        $"getent hosts {Host(shared)} > /dev/null || {{ "
        + $"printf '%s\\nTo do: %s\\n' 'The Service {shared.Service} of the shared controller of class {shared.Class} is not found by its name.' "
        + "'Tell the owners of the platform: the setting Platform:IngressControllers has to name a Service that this cluster has.' | tee /dev/termination-log; exit 1; }; ";

    /// <summary>Elsewhere the tier chooses between a service and its canary.</summary>
    private static bool HasCanaries(IngressChoice ingress) => ingress.Mode == IngressMode.IngressClass;

    private static string Target(RouteTable routes, IngressChoice ingress, RoutedService service) =>
        HasCanaries(ingress) ? NginxCanaries.Target(routes, service, Direct(service)) : Direct(service);

    private static string Direct(RoutedService service) => $"{RouteTable.NameOf(service)}-direct";

    private static string Address(IngressController shared) => $"{Host(shared)}:{shared.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Without the cluster's domain, which is not ours to know: the resolver's search list completes it.</summary>
    private static string Host(IngressController shared) => $"{shared.Service.Name}.{shared.Service.Namespace}.svc";
}
