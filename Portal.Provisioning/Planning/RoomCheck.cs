using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Results;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Blueprint.Finishing;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Whether a cluster can ever hold a stack, whatever else runs there. Pure.</summary>
/// <remarks>Asked before anything is sent: what is full only now is said by the cluster later, and may be empty by then.</remarks>
internal static class RoomCheck
{
    public static IReadOnlyList<Error> Of(RenderedStack stack, ClusterRoom? room, string cluster)
    {
        if (room is null)
        {
            return [];
        }

        var least = Autoscaled(stack.Manifests);
        var workloads = stack.Manifests
            .Where(manifest => manifest.Object.Kind is "Deployment" or "StatefulSet")
            .Select(manifest => (manifest.Component, manifest.Object.Name, Pod: PodOf(manifest), Count: least.GetValueOrDefault(manifest.Object.Name, manifest.Object.Number("spec", "replicas") ?? 1)))
            .ToList();
        if (workloads.Where(workload => workload.Count > 0 && !room.Largest.Holds(workload.Pod)).Select(workload => (NodeError?)new(workload.Component, workload.Name, workload.Pod)).FirstOrDefault() is { } large)
        {
            return [TooLarge(large, room, cluster)];
        }

        var all = workloads.Aggregate(default(NodeRoom), (sum, workload) => sum + new NodeRoom(workload.Pod.CpuMillicores * workload.Count, workload.Pod.MemoryMiB * workload.Count));
        return room.CanGrow || room.Total.Holds(all) ? [] : [TooMuch(all, room, cluster)];
    }

    private static Dictionary<string, long> Autoscaled(IEnumerable<Manifest> manifests) => manifests
        .Where(manifest => manifest.Object.Kind == "HorizontalPodAutoscaler")
        .ToDictionary(manifest => manifest.Object.Text("spec", "scaleTargetRef", "name")!, manifest => manifest.Object.Number("spec", "minReplicas") ?? 1, StringComparer.Ordinal);

    private static NodeRoom PodOf(Manifest manifest)
    {
        var template = PodTemplates.Of(manifest.Object)!;
        return new(PodRequests.Of(template, "cpu"), PodRequests.Of(template, "memory"));
    }

    private static Error TooLarge(NodeError large, ClusterRoom room, string cluster) => new("plan.no-room", ErrorKind.Invalid,
        $"A pod of {large.Component.Title()} ({large.Name}) asks for {large.Pod}; the largest node of cluster {cluster} offers {room.Largest}. Ask for at most that, or choose another cluster.",
        FieldOf(large.Component));

    private static Error TooMuch(NodeRoom wanted, ClusterRoom room, string cluster) => new("plan.no-room", ErrorKind.Invalid,
        $"The environment asks for at least {wanted}; all nodes of cluster {cluster} together offer {room.Total}, and it brings no more by itself. Choose a smaller preset, smaller or fewer pods, or another cluster.",
        "preset");

    /// <summary>The field of the spec that says how large a pod is.</summary>
    private static string FieldOf(Component component) => component switch
    {
        Component.Frontend or Component.Gateway or Component.Publish or Component.Consume => $"{component.Slug()}.size",
        Component.MySql => "mySql.size",
        Component.PubSub => "pubSub.size",
        Component.Redis => "redis.memoryMiB",
        _ => "preset",
    };

    private readonly record struct NodeError(Component Component, string Name, NodeRoom Pod);
}
