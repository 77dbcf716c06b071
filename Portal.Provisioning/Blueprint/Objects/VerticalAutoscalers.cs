using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Vertical autoscaling: recommendations that change nothing by themselves, or the memory alone.</summary>
/// <remarks>Never the CPU: the horizontal autoscaler steers by it, and the two would fight.</remarks>
internal static class VerticalAutoscalers
{
    /// <summary>Says what it would ask for, and changes nothing.</summary>
    public static void Recommend(Workload workload, string kind, string container)
    {
        if (!workload.Stack.Capabilities.HasVerticalPodAutoscaler)
        {
            workload.Stack.Note("There are no size recommendations: the cluster has no VerticalPodAutoscaler.");
            return;
        }

        Add(workload, kind, Json.Map(("updateMode", "Off")), Json.Map(("containerName", container), ("controlledResources", Json.List("cpu", "memory"))));
    }

    /// <summary>Sets the memory of a Deployment's pods, in place where the cluster can, else by replacing one while another runs.</summary>
    public static void SetMemory(Workload workload, string container, Scale scale, PodSize size)
    {
        if (!workload.Stack.Capabilities.HasVerticalPodAutoscaler)
        {
            workload.Stack.Note($"The memory of {workload.Name} stays at {size.MemoryMiB} MiB: the cluster has no VerticalPodAutoscaler.");
            return;
        }

        if (scale.Min < 2)
        {
            workload.Stack.Note($"While {workload.Name} runs 1 pod its memory stays as it is: a pod is only changed where another one serves meanwhile.");
        }

        Add(workload, "Deployment", Json.Map(("updateMode", "InPlaceOrRecreate"), ("minReplicas", 2)), Json.Map(
            ("containerName", container),
            ("controlledResources", Json.List("memory")),
            ("controlledValues", "RequestsAndLimits"),
            ("minAllowed", Json.Map(("memory", Quantity.MiB(Math.Min(64, size.MemoryMiB))))),
            ("maxAllowed", Json.Map(("memory", Quantity.MiB(MaxMemoryMiB(size)))))));
    }

    /// <summary>Twice what the spec asks for: what needs more has to be looked at by a person. The quota has room for it.</summary>
    private static int MaxMemoryMiB(PodSize size) => 2 * size.MemoryMiB;

    private static void Add(Workload workload, string kind, JsonObject update, JsonObject policy) => workload.Stack.Add(
        workload.Component, "autoscaling.k8s.io/v1", "VerticalPodAutoscaler", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("targetRef", Json.Map(("apiVersion", "apps/v1"), ("kind", kind), ("name", workload.Name))),
            ("updatePolicy", update),
            ("resourcePolicy", Json.Map(("containerPolicies", Json.List(
                policy,
                Json.Map(("containerName", "*"), ("mode", "Off")))))))));
}
