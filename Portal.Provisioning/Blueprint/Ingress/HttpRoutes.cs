using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>HTTPRoutes at the Gateway of the platform: the load balancer sends it what passed the firewall, in plain HTTP as to the environment's own tier.</summary>
/// <remarks>
/// Rules are ranked by the API itself, longest path first and then by headers, whatever their order. Fields that the server would fill in
/// are written, because lists are compared as a whole.
/// </remarks>
internal static class HttpRoutes
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>What one rule may match in the oldest version of v1. A hundred routes to four services then make 16 rules at most, which is what a route may hold.</summary>
    private const int MatchesPerRule = 8;

    /// <summary>What a route may name.</summary>
    private const int HostsPerRoute = 16;

    public static void Add(StackContext stack, NamespacedName gateway)
    {
        foreach (var (part, hosts) in stack.Spec.AllHostNames().Chunk(HostsPerRoute).Index())
        {
            AddRoute(stack, part == 0 ? Names.Ingress : $"{Names.Ingress}-{part + 1}", gateway, hosts);
        }
    }

    private static void AddRoute(StackContext stack, string name, NamespacedName gateway, string[] hosts) =>
        stack.Add(Component.Ingress, $"{Group}/v1", "HTTPRoute", name, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("parentRefs", Json.List(Json.Map(("group", Group), ("kind", "Gateway"), ("namespace", gateway.Namespace), ("name", gateway.Name)))),
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
