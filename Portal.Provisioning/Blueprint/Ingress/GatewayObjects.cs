using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>A Gateway and its HTTPRoute for a controller that the cluster shares.</summary>
/// <remarks>
/// Rules are ranked by the API itself, longest path first and then by headers, whatever their order. Fields that the server would fill in
/// are written, because lists are compared as a whole.
/// </remarks>
internal static class GatewayObjects
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>What one rule may match in the oldest version of v1. A hundred routes to four services then make 16 rules at most, which is what a route may hold.</summary>
    private const int MatchesPerRule = 8;

    /// <summary>What a route may name.</summary>
    private const int HostsPerRoute = 16;

    public static void Add(StackContext stack, string gatewayClass)
    {
        var labels = stack.LabelsOf(Component.Ingress);
        stack.Note($"Gateway class \"{gatewayClass}\" publishes the routes at the cluster's shared controller, without the edges and the firewall; the load balancer reaches the services directly.");
        stack.Add(Component.Ingress, $"{Group}/v1", "Gateway", Names.Ingress, labels, ("spec", Json.Map(
            ("gatewayClassName", gatewayClass),
            ("listeners", Json.List([.. stack.Spec.AllHostNames().Select(Listener)])))));
        foreach (var (part, hosts) in stack.Spec.AllHostNames().Chunk(HostsPerRoute).Index())
        {
            AddRoute(stack, part == 0 ? Names.Ingress : $"{Names.Ingress}-{part + 1}", hosts);
        }
    }

    private static JsonNode? Listener(string host, int place) => Json.Map(
        ("name", place == 0 ? "http" : $"http-{place + 1}"),
        ("hostname", host),
        ("port", 80),
        ("protocol", "HTTP"),
        ("allowedRoutes", Json.Map(("namespaces", Json.Map(("from", "Same"))))));

    private static void AddRoute(StackContext stack, string name, string[] hosts) =>
        stack.Add(Component.Ingress, $"{Group}/v1", "HTTPRoute", name, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("parentRefs", Json.List(Json.Map(("group", Group), ("kind", "Gateway"), ("name", Names.Ingress)))),
            ("hostnames", Json.Texts(hosts)),
            ("rules", Json.List([.. RouteTable.Of(stack.Spec).Routes
                .GroupBy(route => route.Service)
                .SelectMany(service => service.Chunk(MatchesPerRule))
                .Select(Rule)])))));

    private static JsonNode? Rule(RouteSpec[] routes) => Json.Map(
        ("matches", Json.List([.. routes.Select(Match)])),
        ("backendRefs", Json.List(Json.Map(
            ("group", ""), ("kind", "Service"), ("name", RouteTable.NameOf(routes[0].Service)), ("port", Ports.Http), ("weight", 1)))));

    private static JsonNode? Match(RouteSpec route) => Json.Map(
        ("path", Json.Map(("type", "PathPrefix"), ("value", route.Path))),
        ("headers", route.Header is null ? null : Json.List(Json.Map(("type", "Exact"), ("name", route.Header), ("value", route.Value)))));
}
