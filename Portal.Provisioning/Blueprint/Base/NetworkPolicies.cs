using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>Nothing may speak to anything but along a flow of the graph; both ends are written.</summary>
internal static class NetworkPolicies
{
    /// <summary>Where a node-local DNS cache listens: a link-local address, not a pod.</summary>
    private const string NodeLocalDns = "169.254.20.10/32";

    public static void Add(StackContext stack)
    {
        Policy(stack, Component.Base, "default-deny", [], ingress: [], egress: []);
        Policy(stack, Component.Base, "dns", [], ingress: null, egress: [Dns()]);
        // Who may speak to pods in a namespace of others is not ours to write.
        foreach (var node in stack.Graph.Nodes.Where(node => node.Namespace is null))
        {
            AddFlows(stack, node.Component);
        }

        foreach (var service in RouteTable.Of(stack.Spec).Canaries.Keys.Order())
        {
            CanaryPolicies.Add(stack, RouteTable.ComponentOf(service));
        }
    }

    private static void AddFlows(StackContext stack, Component component)
    {
        var incoming = stack.Graph.Flows.Where(flow => flow.To == component && !flow.WhileCanary).ToList();
        var outgoing = stack.Graph.Flows.Where(flow => flow.From == component && !flow.WhileCanary).ToList();
        var within = outgoing.Where(flow => flow is { To: not null, Role: null }).ToList();
        if (incoming.Count + within.Count > 0)
        {
            Policy(stack, component, $"flows-{component.Slug()}", Labels.Selector(stack.Identity, component),
                Rules(stack, incoming, "from", flow => (flow.From, flow.Role)),
                Rules(stack, within, "to", flow => (flow.To, null)));
        }

        foreach (var role in outgoing.Where(flow => flow is { To: not null, Role: not null }).GroupBy(flow => flow.Role!))
        {
            Policy(stack, component, $"flows-{component.Slug()}-{role.Key}", SelectorOf(stack, component, role.Key), ingress: null, Rules(stack, [.. role], "to", flow => (flow.To, null)));
        }

        foreach (var outward in outgoing.Where(flow => flow.To is null).GroupBy(flow => flow.Role))
        {
            Policy(stack, component, $"outward-{outward.Key ?? component.Slug()}", SelectorOf(stack, component, outward.Key), ingress: null, egress: Outward(outward));
        }
    }

    /// <summary>One rule for each peer, with all ports of its flows. The world is a rule without a peer.</summary>
    internal static JsonArray? Rules(StackContext stack, List<Flow> flows, string end, Func<Flow, (Component? Component, string? Role)> peer) => Json.ListOrNone(flows
        .GroupBy(peer)
        .Select(group => Json.Map(
            (end, group.Key.Component is { } component ? Json.List(Peer(stack, component, group.Key.Role)) : null),
            ("ports", PortsOf(group)))));

    /// <summary>Pods of this namespace, or those of a whole other one: their labels are not ours to know.</summary>
    private static JsonObject Peer(StackContext stack, Component component, string? role) => stack.Graph.Node(component).Namespace is { } elsewhere
        ? Json.Map(("namespaceSelector", NamedNamespace(elsewhere)))
        : Json.Map(("podSelector", Json.Map(("matchLabels", SelectorOf(stack, component, role)))));

    /// <summary>By the label that the API server itself puts on every namespace.</summary>
    private static JsonObject NamedNamespace(string name) => Json.Map(("matchLabels", Json.Map(("kubernetes.io/metadata.name", name))));

    /// <summary>The pods of a component, or those of one role in it.</summary>
    internal static JsonObject SelectorOf(StackContext stack, Component component, string? role)
    {
        var selector = Labels.Selector(stack.Identity, component);
        if (role is not null)
        {
            selector.Add(Labels.Role, role);
        }

        return selector;
    }

    internal static JsonArray Outward(IEnumerable<Flow> flows) => Json.List([.. flows
        .GroupBy(flow => flow.Within)
        .Select(group => (JsonNode?)Json.Map(("to", Json.ListOrNone((group.Key ?? []).Select(Block))), ("ports", PortsOf(group))))]);

    private static JsonObject Block(AddressRange range) =>
        Json.Map(("ipBlock", Json.Map(("cidr", range.Cidr), ("except", Json.TextsOrNone(range.Except)))));

    internal static JsonArray PortsOf(IEnumerable<Flow> flows) => Json.List([.. flows
        .SelectMany(flow => flow.Ports)
        .Distinct()
        .Select(port => (JsonNode?)Json.Map(("protocol", port.Protocol), ("port", port.Port)))]);

    private static JsonObject Dns() => Json.Map(
        ("to", Json.List(
            Json.Map(
                ("namespaceSelector", NamedNamespace("kube-system")),
                ("podSelector", Json.Map(("matchLabels", Json.Map(("k8s-app", "kube-dns")))))),
            Json.Map(("ipBlock", Json.Map(("cidr", NodeLocalDns)))))),
        ("ports", Json.List(Json.Map(("protocol", "UDP"), ("port", 53)), Json.Map(("protocol", "TCP"), ("port", 53)))));

    internal static void Policy(StackContext stack, Component component, string name, JsonObject selector, JsonArray? ingress, JsonArray? egress) => stack.Add(
        component, "networking.k8s.io/v1", "NetworkPolicy", name, stack.LabelsOf(component), ("spec", Json.Map(
            ("podSelector", selector.Count == 0 ? [] : Json.Map(("matchLabels", selector))),
            ("policyTypes", Json.ListOrNone([.. Types(ingress, egress)])),
            // The type alone denies; an empty list is not stored, so that it would look changed each time it is applied.
            ("ingress", ingress is { Count: > 0 } ? ingress : null),
            ("egress", egress is { Count: > 0 } ? egress : null))));

    private static IEnumerable<JsonNode?> Types(JsonArray? ingress, JsonArray? egress)
    {
        if (ingress is not null)
        {
            yield return "Ingress";
        }

        if (egress is not null)
        {
            yield return "Egress";
        }
    }
}
