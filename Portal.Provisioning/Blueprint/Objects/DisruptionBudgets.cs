namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>One pod of a workload at a time may be drained, and a sick one always. A single pod has no budget: one that lets it go says nothing, one that does not blocks every drain.</summary>
internal static class DisruptionBudgets
{
    /// <param name="pods">How many pods the workload can have.</param>
    public static void Add(Workload workload, int pods)
    {
        if (pods > 1)
        {
            workload.Stack.Add(
                workload.Component, "policy/v1", "PodDisruptionBudget", workload.Name, workload.Labels(), ("spec", Json.Map(
                    ("maxUnavailable", 1),
                    ("unhealthyPodEvictionPolicy", "AlwaysAllow"),
                    ("selector", Json.Map(("matchLabels", workload.Selector()))))));
        }
    }
}
