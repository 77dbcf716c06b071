namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>One pod of a workload at a time may be drained; a single pod does not block a drain, and a sick one never does.</summary>
internal static class DisruptionBudgets
{
    public static void Add(Workload workload) => workload.Stack.Add(
        workload.Component, "policy/v1", "PodDisruptionBudget", workload.Name, workload.Labels(), ("spec", Json.Map(
            ("maxUnavailable", 1),
            ("unhealthyPodEvictionPolicy", "AlwaysAllow"),
            ("selector", Json.Map(("matchLabels", workload.Selector()))))));
}
