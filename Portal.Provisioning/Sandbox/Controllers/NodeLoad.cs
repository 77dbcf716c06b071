using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>An amount of what nodes offer and pods ask for.</summary>
internal readonly record struct NodeLoad(long MilliCpu, long MilliMemory, long MilliDisk, int Pods)
{
    public static NodeLoad operator +(NodeLoad left, NodeLoad right) =>
        new(left.MilliCpu + right.MilliCpu, left.MilliMemory + right.MilliMemory, left.MilliDisk + right.MilliDisk, left.Pods + right.Pods);

    public static NodeLoad operator -(NodeLoad left, NodeLoad right) =>
        new(left.MilliCpu - right.MilliCpu, left.MilliMemory - right.MilliMemory, left.MilliDisk - right.MilliDisk, left.Pods - right.Pods);

    /// <summary>What a pod asks for: the sum of its containers, or its greediest init container.</summary>
    public static NodeLoad OfPod(JsonObject? spec)
    {
        var load = new NodeLoad(0, 0, 0, 1);
        foreach (var container in spec.Items("containers"))
        {
            load += Read(container.Map("resources", "requests"), 0);
        }

        foreach (var container in spec.Items("initContainers"))
        {
            var init = Read(container.Map("resources", "requests"), 0);
            load = new NodeLoad(Math.Max(load.MilliCpu, init.MilliCpu), Math.Max(load.MilliMemory, init.MilliMemory), Math.Max(load.MilliDisk, init.MilliDisk), 1);
        }

        return load;
    }

    public static NodeLoad OfNode(JsonObject? allocatable) =>
        Read(allocatable, (int)((Quantity.Milli(allocatable?.Text("pods")) ?? 0) / 1000));

    /// <summary>The first resource of which there is too little, in the scheduler's words; null when the pod fits.</summary>
    public string? Lacks(NodeLoad used, NodeLoad pod) => this switch
    {
        _ when used.Pods + pod.Pods > Pods => "Too many pods",
        _ when used.MilliCpu + pod.MilliCpu > MilliCpu => "Insufficient cpu",
        _ when used.MilliMemory + pod.MilliMemory > MilliMemory => "Insufficient memory",
        _ when used.MilliDisk + pod.MilliDisk > MilliDisk => "Insufficient ephemeral-storage",
        _ => null,
    };

    private static NodeLoad Read(JsonObject? amounts, int pods) => new(
        Quantity.Milli(amounts?.Text("cpu")) ?? 0,
        Quantity.Milli(amounts?.Text("memory")) ?? 0,
        Quantity.Milli(amounts?.Text("ephemeral-storage")) ?? 0,
        pods);
}
