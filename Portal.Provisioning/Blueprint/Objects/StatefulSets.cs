using System.Text.Json.Nodes;
using Portal.Core.Environments;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>StatefulSets: pods with names and, mostly, volumes that outlive them.</summary>
/// <remarks>Fields outside replicas, template and strategy cannot change after creation: nothing that may change stands in them.</remarks>
internal static class StatefulSets
{
    /// <param name="service">The headless Service that names the pods.</param>
    /// <param name="isOrdered">Each pod waits until the one before it is ready.</param>
    /// <param name="storageGiB">Size of each pod's volume <c>data</c>; null for none.</param>
    public static void Add(Workload workload, int replicas, string service, PodPlan pod, int? storageGiB, bool isOrdered = false)
    {
        if (storageGiB is not null)
        {
            pod = pod with { Containers = [.. pod.Containers, Exporters.Volume("data")] };
        }

        var spread = workload.Stack.IsProduction ? Spread.Strict : Spread.Preferred;
        workload.Stack.Add(workload.Component, "apps/v1", "StatefulSet", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("serviceName", service),
            ("replicas", replicas),
            ("podManagementPolicy", isOrdered ? "OrderedReady" : "Parallel"),
            ("revisionHistoryLimit", 5),
            ("updateStrategy", Json.Map(("type", "RollingUpdate"), ("rollingUpdate", Json.Map(("partition", 0))))),
            ("persistentVolumeClaimRetentionPolicy", Json.Map(("whenDeleted", "Retain"), ("whenScaled", "Retain"))),
            ("selector", Json.Map(("matchLabels", workload.Selector()))),
            ("template", (pod with { Spread = spread, SafeToEvict = storageGiB is null ? null : false }).Build(workload)),
            ("volumeClaimTemplates", storageGiB is { } size ? Json.List(Claim(workload, size)) : null))));
        DisruptionBudgets.Add(workload, replicas);
    }

    private static JsonObject Claim(Workload workload, int storageGiB)
    {
        // Immutable, so without the team, which may change.
        var labels = workload.Selector();
        labels.Add(Labels.ManagedBy, Labels.Manager);
        labels.Add(Labels.Environment, workload.Stack.Identity.Id.ToString());
        return Json.Map(
            ("metadata", Json.Map(("name", "data"), ("labels", labels))),
            ("spec", Claims.Spec(workload.Stack, storageGiB)));
    }
}
