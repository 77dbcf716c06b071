using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Base;

/// <summary>The network of a canary: it may do what its service may, and be reached by whom its service is reached by.</summary>
/// <remarks>
/// Policies of their own at both ends, beside those that are always there: policies are written first and removed last, so that a canary that is promoted or
/// ended is reached until nobody is sent to it any more.
/// </remarks>
internal static class CanaryPolicies
{
    public static void Add(StackContext stack, Component component)
    {
        var name = $"{component.Slug()}{Labels.CanarySuffix}";
        JsonObject Canary() => Labels.CanarySelector(stack.Identity, component);
        var incoming = stack.Graph.Flows.Where(flow => flow.To == component).ToList();
        var within = stack.Graph.Flows.Where(flow => flow.From == component && flow.To is not null).ToList();
        var outward = stack.Graph.Flows.Where(flow => flow.From == component && flow.To is null).ToList();
        NetworkPolicies.Policy(stack, component, $"flows-{name}", Canary(),
            NetworkPolicies.Rules(stack, incoming, "from", flow => (flow.From, flow.Role)),
            NetworkPolicies.Rules(stack, within, "to", flow => (flow.To, null)));
        if (outward.Count > 0)
        {
            NetworkPolicies.Policy(stack, component, $"outward-{name}", Canary(), ingress: null, NetworkPolicies.Outward(outward));
        }

        foreach (var caller in incoming.Where(flow => IsOurs(stack, flow.From)).GroupBy(flow => (Component: flow.From!.Value, flow.Role)))
        {
            NetworkPolicies.Policy(stack, component, $"flows-{caller.Key.Role ?? caller.Key.Component.Slug()}-to-{name}", NetworkPolicies.SelectorOf(stack, caller.Key.Component, caller.Key.Role),
                ingress: null, Json.List(Rule("to", Canary(), caller)));
        }

        foreach (var caller in incoming.Where(flow => flow.WhileCanary).GroupBy(flow => flow.From!.Value))
        {
            NetworkPolicies.Policy(stack, component, $"flows-{caller.Key.Slug()}-beside-{name}", NetworkPolicies.SelectorOf(stack, caller.Key, null),
                ingress: null, Json.List(Rule("to", NetworkPolicies.SelectorOf(stack, component, null), caller)));
            NetworkPolicies.Policy(stack, component, $"flows-{component.Slug()}-beside-{name}", NetworkPolicies.SelectorOf(stack, component, null),
                Json.List(Rule("from", NetworkPolicies.SelectorOf(stack, caller.Key, null), caller)), egress: null);
        }

        foreach (var callee in within.Where(flow => IsOurs(stack, flow.To)).GroupBy(flow => flow.To!.Value))
        {
            NetworkPolicies.Policy(stack, component, $"flows-{name}-to-{callee.Key.Slug()}", NetworkPolicies.SelectorOf(stack, callee.Key, null),
                Json.List(Rule("from", Canary(), callee)), egress: null);
        }
    }

    private static JsonObject Rule(string end, JsonObject selector, IEnumerable<Flow> flows) =>
        Json.Map((end, Json.List(Json.Map(("podSelector", Json.Map(("matchLabels", selector)))))), ("ports", NetworkPolicies.PortsOf(flows)));

    private static bool IsOurs(StackContext stack, Component? component) => component is { } known && stack.Graph.Node(known).Namespace is null;
}
