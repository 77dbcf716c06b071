using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint;

/// <summary>Components and the flows between them. Order, network policy, topology picture and health roll-up derive from it.</summary>
public sealed record StackGraph(IReadOnlyList<StackNode> Nodes, IReadOnlyList<Flow> Flows)
{
    public StackNode Node(Component component) =>
        Nodes.FirstOrDefault(node => node.Component == component) ?? throw new ArgumentException($"{component} is not in the graph.", nameof(component));

    /// <summary>The wave of a component: 0 when it depends on nothing, else one more than the latest of what it depends on.</summary>
    public int Wave(Component component) =>
        Node(component).DependsOn.Select(Wave).DefaultIfEmpty(-1).Max() + 1;
}

/// <summary>One component and what must be healthy before it starts.</summary>
public sealed record StackNode(Component Component, IReadOnlyList<Component> DependsOn);

/// <summary>Traffic from one component to another; null stands for the world outside the environment.</summary>
/// <param name="Role">For traffic that leaves the environment: which pods of the component may send it, by <c>portal/role</c>; null for all.</param>
public sealed record Flow(Component? From, Component? To, string Label, IReadOnlyList<FlowPort> Ports, string? Role = null);

/// <summary>A port at the receiving pod, after any translation by a Service.</summary>
public sealed record FlowPort(int Port, string Protocol = "TCP");
