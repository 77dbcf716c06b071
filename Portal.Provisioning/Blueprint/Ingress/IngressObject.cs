using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>An Ingress for a controller that the cluster shares.</summary>
/// <remarks>Plain paths alone: what controllers can do beyond that is written in annotations of their own, which nobody else reads.</remarks>
internal static class IngressObject
{
    public static void Add(StackContext stack, string ingressClass)
    {
        var routes = RouteTable.Of(stack.Spec).Routes;
        stack.Note($"Ingress class \"{ingressClass}\" publishes the routes at the cluster's shared controller, without the edges and the firewall; the load balancer reaches the services directly.");
        if (routes.Any(route => route.Header is not null))
        {
            stack.Note("Routes that name a header are left out of the Ingress, which knows paths alone; the load balancer has them.");
        }

        stack.Add(Component.Ingress, "networking.k8s.io/v1", "Ingress", Names.Ingress, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("ingressClassName", ingressClass),
            ("tls", Json.List(Json.Map(("hosts", Json.Texts(stack.Spec.AllHostNames())), ("secretName", EntryCertificates.Edge(stack.Spec, stack.Capabilities))))),
            ("rules", Json.List([.. stack.Spec.AllHostNames().Select(host => (JsonNode?)Json.Map(
                ("host", host),
                ("http", Json.Map(("paths", Json.List([.. routes.Where(route => route.Header is null).Select(route => (JsonNode?)Path(route))]))))))])))));
    }

    private static JsonObject Path(RouteSpec route) => Json.Map(
        ("path", route.Path),
        ("pathType", "Prefix"),
        ("backend", Json.Map(("service", Json.Map(("name", RouteTable.NameOf(route.Service)), ("port", Json.Map(("name", "http"))))))));
}
