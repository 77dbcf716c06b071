using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>A Gateway and its HTTPRoutes for a controller that the cluster shares: the routes over TLS, and a redirect to there.</summary>
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

    private const string Plain = "http";

    public static void Add(StackContext stack, string gatewayClass)
    {
        var labels = stack.LabelsOf(Component.Ingress);
        var secret = EntryCertificates.Edge(stack.Spec, stack.Capabilities);
        stack.Note($"Gateway class \"{gatewayClass}\" publishes the routes at the cluster's shared controller, without the edges and the firewall; the load balancer reaches the services directly.");
        stack.Add(Component.Ingress, $"{Group}/v1", "Gateway", Names.Ingress, labels, ("spec", Json.Map(
            ("gatewayClassName", gatewayClass),
            ("listeners", Json.List([.. stack.Spec.AllHostNames().Select((host, place) => Secure(host, place, secret)).Prepend(PlainListener())])))));
        AddRedirect(stack);
        foreach (var (part, hosts) in stack.Spec.AllHostNames().Index().Chunk(HostsPerRoute).Index())
        {
            AddRoute(stack, part == 0 ? Names.Ingress : $"{Names.Ingress}-{part + 1}", hosts);
        }
    }

    private static string SecureName(int place) => place == 0 ? "https" : $"https-{place + 1}";

    private static JsonObject PlainListener() => Json.Map(("name", Plain), ("port", 80), ("protocol", "HTTP"), ("allowedRoutes", OwnRoutes()));

    private static JsonObject Secure(string host, int place, string secret) => Json.Map(
        ("name", SecureName(place)),
        ("hostname", host),
        ("port", 443),
        ("protocol", "HTTPS"),
        ("tls", Json.Map(("mode", "Terminate"), ("certificateRefs", Json.List(Json.Map(("group", ""), ("kind", "Secret"), ("name", secret)))))),
        ("allowedRoutes", OwnRoutes()));

    private static JsonObject OwnRoutes() => Json.Map(("namespaces", Json.Map(("from", "Same"))));

    private static JsonObject Parent(string listener) => Json.Map(("group", Group), ("kind", "Gateway"), ("name", Names.Ingress), ("sectionName", listener));

    private static void AddRedirect(StackContext stack) =>
        stack.Add(Component.Ingress, $"{Group}/v1", "HTTPRoute", $"{Names.Ingress}-redirect", stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("parentRefs", Json.List(Parent(Plain))),
            ("rules", Json.List(Json.Map(
                ("matches", Json.List(Json.Map(("path", Json.Map(("type", "PathPrefix"), ("value", "/")))))),
                ("filters", Json.List(Json.Map(
                    ("type", "RequestRedirect"), ("requestRedirect", Json.Map(("scheme", "https"), ("statusCode", 301))))))))))));

    private static void AddRoute(StackContext stack, string name, (int Place, string Host)[] hosts) =>
        stack.Add(Component.Ingress, $"{Group}/v1", "HTTPRoute", name, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("parentRefs", Json.List([.. hosts.Select(host => Parent(SecureName(host.Place)))])),
            ("hostnames", Json.Texts([.. hosts.Select(host => host.Host)])),
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
