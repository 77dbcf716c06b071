using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>HTTPRoutes at the Gateway of the platform: the load balancer sends it what passed the firewall, in plain HTTP as to the environment's own tier.</summary>
/// <remarks>
/// Rules are ranked by the API itself, longest path first and then by headers, whatever their order. Fields that the server would fill in
/// are written, because lists are compared as a whole. The header that chooses a canary has rules in routes of their own: they match one header more than the
/// route that they are about, and where another rule matches as many, the API takes the one of the older route, or of the one that is first by name.
/// </remarks>
internal static class HttpRoutes
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>What one rule may match in the oldest version of v1. A hundred routes to four services then make 16 rules at most, which is what a route may hold.</summary>
    private const int MatchesPerRule = 8;

    /// <summary>What a route may name.</summary>
    private const int HostsPerRoute = 16;

    /// <summary>As many rules as a route may have.</summary>
    private const int RulesPerRoute = 16;

    public static void Add(StackContext stack, NamespacedName gateway)
    {
        var table = RouteTable.Of(stack.Spec);
        if (table.Canaries.Values.Any(canary => canary.WeightPercent > 0))
        {
            stack.Note("The shared Gateway divides requests by the weight of a canary one by one: a client may get now the one, now the other.");
        }

        foreach (var (part, hosts) in stack.Spec.AllHostNames().Chunk(HostsPerRoute).Index())
        {
            var name = part == 0 ? Names.Ingress : $"{Names.Ingress}-{part + 1}";
            AddRoute(stack, name, gateway, hosts, Rules(table, table.Routes));
            foreach (var (number, rules) in ByHeader(table).Chunk(RulesPerRoute).Index())
            {
                AddRoute(stack, number == 0 ? $"{name}{Labels.CanarySuffix}" : $"{name}{Labels.CanarySuffix}-{number + 1}", gateway, hosts, rules);
            }
        }
    }

    private static IEnumerable<JsonNode?> Rules(RouteTable table, IEnumerable<RouteSpec> routes) => routes
        .GroupBy(route => route.Service)
        .SelectMany(service => service.Chunk(MatchesPerRule))
        .Select(some => Rule(some, Backends(table, some[0].Service), choice: null));

    /// <summary>What the header of a canary says, for each route to a service that has one.</summary>
    private static IEnumerable<JsonNode?> ByHeader(RouteTable table) =>
        from service in table.Services
        where table.CanaryOf(service) is not null
        from choice in new[] { (Value: CanarySpec.Always, Name: NginxCanaries.NameOf(service)), (Value: CanarySpec.Never, Name: RouteTable.NameOf(service)) }
        from some in table.Routes.Where(route => route.Service == service).Chunk(MatchesPerRule)
        select Rule(some, Json.List(Backend(choice.Name, 1)), choice.Value);

    private static JsonArray Backends(RouteTable table, RoutedService service) => table.CanaryOf(service) is { WeightPercent: > 0 and var weight }
        ? Json.List(Backend(RouteTable.NameOf(service), 100 - weight), Backend(NginxCanaries.NameOf(service), weight))
        : Json.List(Backend(RouteTable.NameOf(service), 1));

    private static void AddRoute(StackContext stack, string name, NamespacedName gateway, string[] hosts, IEnumerable<JsonNode?> rules) =>
        stack.Add(Component.Ingress, $"{Group}/v1", "HTTPRoute", name, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("parentRefs", Json.List(Json.Map(("group", Group), ("kind", "Gateway"), ("namespace", gateway.Namespace), ("name", gateway.Name)))),
            ("hostnames", Json.Texts(hosts)),
            ("rules", Json.List([.. rules])))));

    private static JsonObject Rule(RouteSpec[] routes, JsonArray backends, string? choice) => Json.Map(
        ("matches", Json.List([.. routes.Select(route => Match(route, choice))])),
        ("backendRefs", backends));

    private static JsonObject Match(RouteSpec route, string? choice)
    {
        JsonNode?[] headers = [route.Header is null ? null : Header(route.Header, route.Value!), choice is null ? null : Header(CanarySpec.Header.ToLowerInvariant(), choice)];
        return Json.Map(
            ("path", Json.Map(("type", "PathPrefix"), ("value", route.Path))),
            ("headers", Json.ListOrNone(headers.OfType<JsonNode>())));
    }

    private static JsonObject Header(string name, string value) => Json.Map(("type", "Exact"), ("name", name), ("value", value));

    private static JsonObject Backend(string name, int weight) =>
        Json.Map(("group", ""), ("kind", "Service"), ("name", name), ("port", Ports.Http), ("weight", weight));
}
