using System.Net;
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
public sealed record StackNode(Component Component, IReadOnlyList<Component> DependsOn)
{
    /// <summary>The roles of those of its workloads that rest only when all the others do, in their order.</summary>
    public IReadOnlyList<string> LastAtRest { get; init; } = [];

    /// <summary>The roles of those of its workloads that start only when all the others are healthy: they judge what these do.</summary>
    public IReadOnlyList<string> LastToStart { get; init; } = [];

    /// <summary>The namespace that its pods run in when they are the cluster's and not the environment's own: a shared controller's.</summary>
    public string? Namespace { get; init; }

    /// <summary>The one pod of a set that rests when the others of the set are gone.</summary>
    public LastPod? LastPod { get; init; }
}

/// <summary>A pod by the role of its workload and its number in the set.</summary>
public sealed record LastPod(string Role, int Ordinal);

/// <summary>Traffic from one component to another; null stands for the world outside the environment.</summary>
/// <param name="Role">Which pods of the sending component may send it, by <c>portal/role</c>; null for all.</param>
/// <param name="Within">For traffic that leaves the environment: where it may go; null for anywhere.</param>
public sealed record Flow(Component? From, Component? To, string Label, IReadOnlyList<FlowPort> Ports, string? Role = null, IReadOnlyList<AddressRange>? Within = null)
{
    /// <summary>Only while the service has a canary: its policies are among the canary's, which are made first and removed last.</summary>
    public bool WhileCanary { get; init; }
}

/// <summary>Addresses outside the environment.</summary>
public sealed record AddressRange(string Cidr, IReadOnlyList<string> Except)
{
    /// <summary>Everything but the ranges of private networks, among which are those of clusters and of their nodes.</summary>
    public static IReadOnlyList<AddressRange> Public { get; } =
    [
        new("0.0.0.0/0", ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]),
        new("::/0", ["fc00::/7", "fe80::/10"]),
    ];

    public bool Contains(IPAddress address) => IPNetwork.Parse(Cidr).Contains(address) && !Except.Any(part => IPNetwork.Parse(part).Contains(address));
}

/// <summary>A port at the receiving pod, after any translation by a Service.</summary>
public sealed record FlowPort(int Port, string Protocol = "TCP");
