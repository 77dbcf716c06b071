using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Routing;

/// <summary>Which request belongs to which service, in the order in which routes are tried: the first that matches wins.</summary>
/// <remarks>The load balancer, the edges, the ingress tier, Ingress objects and HTTPRoutes all read it here.</remarks>
internal sealed class RouteTable
{
    private RouteTable(IReadOnlyList<RouteSpec> routes, IReadOnlyDictionary<RoutedService, CanarySpec> canaries) => (Routes, Canaries) = (routes, canaries);

    /// <summary>The longest path first, and among equal paths those that name a header: as an HTTPRoute ranks them by itself.</summary>
    public IReadOnlyList<RouteSpec> Routes { get; }

    /// <summary>The services that have a canary, with it.</summary>
    public IReadOnlyDictionary<RoutedService, CanarySpec> Canaries { get; }

    /// <summary>The services that a route leads to; to no other does a request come from outside.</summary>
    public IReadOnlyList<RoutedService> Services => [.. Routes.Select(route => route.Service).Distinct().Order()];

    /// <summary>The headers that decide, in lower case, each once.</summary>
    public IReadOnlyList<string> Headers => [.. Routes.Select(route => route.Header).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Some of the routes, in the same order.</summary>
    public RouteTable Where(Func<RouteSpec, bool> belongs) => new([.. Routes.Where(belongs)], Canaries);

    /// <summary>The canary of the service that a request was routed to.</summary>
    public CanarySpec? CanaryOf(RoutedService service) => Canaries.GetValueOrDefault(service);

    public static RouteTable Of(EnvironmentSpec spec) => new([.. spec.LoadBalancer.Routes
        .Select(route => route with { Path = route.Path.Length > 1 ? route.Path.TrimEnd('/') : route.Path, Header = route.Header?.ToLowerInvariant() })
        .OrderByDescending(route => route.Path.Length)
        .ThenBy(route => route.Path, StringComparer.Ordinal)
        .ThenBy(route => route.Header is null)
        .ThenBy(route => route.Header, StringComparer.Ordinal)
        .ThenBy(route => route.Value, StringComparer.Ordinal)], CanariesOf(spec));

    private static Dictionary<RoutedService, CanarySpec> CanariesOf(EnvironmentSpec spec) =>
        new[] { (Service: RoutedService.Gateway, spec.Gateway.Canary), (Service: RoutedService.Publish, spec.Publish.Canary) }
            .Where(each => each.Canary is not null).ToDictionary(each => each.Service, each => each.Canary!);

    public static Component ComponentOf(RoutedService service) => service switch
    {
        RoutedService.Frontend => Component.Frontend,
        RoutedService.Gateway => Component.Gateway,
        RoutedService.Publish => Component.Publish,
        RoutedService.Consume => Component.Consume,
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "Unknown service."),
    };

    /// <summary>Name of the service's Service.</summary>
    public static string NameOf(RoutedService service) => ComponentOf(service).Slug();
}
