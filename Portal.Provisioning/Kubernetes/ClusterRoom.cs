namespace Portal.Provisioning.Kubernetes;

/// <summary>What the nodes of a cluster offer to pods: those that are ready and take new ones, whatever runs on them now.</summary>
/// <param name="Total">Of all of them together.</param>
/// <param name="Largest">Of the one that offers most memory.</param>
/// <param name="CanGrow">An autoscaler brings more nodes when pods fit nowhere.</param>
public sealed record ClusterRoom(NodeRoom Total, NodeRoom Largest, bool CanGrow);

public readonly record struct NodeRoom(long CpuMillicores, long MemoryMiB)
{
    public static NodeRoom operator +(NodeRoom left, NodeRoom right) => new(left.CpuMillicores + right.CpuMillicores, left.MemoryMiB + right.MemoryMiB);

    public bool Holds(NodeRoom wanted) => wanted.CpuMillicores <= CpuMillicores && wanted.MemoryMiB <= MemoryMiB;

    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{CpuMillicores / 1000.0:0.##} {(CpuMillicores == 1000 ? "core" : "cores")} and {MemoryMiB / 1024.0:0.#} GiB");
}
