using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>An Ingress for a controller that the cluster shares: the load balancer sends it what passed the firewall, in plain HTTP as to the environment's own tier.</summary>
/// <remarks>Plain paths alone: what controllers can do beyond that is written in annotations of their own, which nobody else reads.</remarks>
internal static class IngressObject
{
    public static void Add(StackContext stack, IngressChoice choice)
    {
        var all = RouteTable.Of(stack.Spec);
        if (all.Where(choice.LeavesOut).Routes.Count > 0)
        {
            stack.Note("Requests that a route finds by a header go from the load balancer straight to their service: an Ingress knows paths alone.");
        }

        foreach (var service in all.Services.Where(service => all.CanaryOf(service) is not null))
        {
            stack.Note($"While {RouteTable.NameOf(service)} has a canary, its requests go from the load balancer straight to the service: an Ingress knows no weights and no headers.");
        }

        // Paths of a service with a canary stay, for the time after.
        var paths = all.Where(route => !choice.LeavesOut(route)).Routes;
        stack.Add(Component.Ingress, "networking.k8s.io/v1", "Ingress", Names.Ingress, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("ingressClassName", choice.Controller!.Class),
            ("rules", Json.List([.. stack.Spec.AllHostNames().Select(host => (JsonNode?)Json.Map(
                ("host", host),
                ("http", Json.Map(("paths", Json.List([.. paths.Select(route => (JsonNode?)Path(route))]))))))])))));
    }

    private static JsonObject Path(RouteSpec route) => Json.Map(
        ("path", route.Path),
        ("pathType", "Prefix"),
        ("backend", Json.Map(("service", Json.Map(("name", RouteTable.NameOf(route.Service)), ("port", Json.Map(("name", "http"))))))));
}
