using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Lets an eviction pass when the pod's disruption budget has room, and takes that room, so that two at once do not share it.</summary>
internal static class EvictionGate
{
    public static void Pass(ObjectStore store, StoredObject pod, bool dryRun)
    {
        var root = pod.Parse();
        var status = root.Map("status") ?? [];
        if (pod.IsTerminating || status.Text("phase") is "Pending" or "Succeeded" or "Failed")
        {
            // It serves nobody, so nothing is disrupted.
            return;
        }

        while (true)
        {
            var budgets = store.List(Kinds.PodDisruptionBudget, pod.Namespace).Items
                .Select(item => (Item: item, Root: item.Parse()))
                .Where(budget => LabelSelector.FromObject(budget.Root.Map("spec", "selector"))?.Matches(pod.Labels) == true).ToList();
            if (budgets.Count == 0)
            {
                return;
            }

            if (budgets.Count > 1)
            {
                throw ApiFault.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
            }

            var (item, tree) = budgets[0];
            if (!Conditions.Holds(status, "Ready") && Ignores(tree))
            {
                return;
            }

            Check(pod, item, tree.Section("status"));
            if (dryRun || store.TryReplace(item, tree) is not null)
            {
                return;
            }
        }
    }

    // A pod that is not ready may go as long as enough others are healthy, or always when the budget says so.
    private static bool Ignores(JsonObject budget) =>
        budget.Map("spec")?.Text("unhealthyPodEvictionPolicy") == "AlwaysAllow"
        || (budget.Map("status") is { } status && status.Number("currentHealthy") >= status.Number("desiredHealthy") && status.Number("desiredHealthy") > 0);

    private static void Check(StoredObject pod, StoredObject budget, JsonObject status)
    {
        var allowed = status.Number("disruptionsAllowed") ?? 0;
        if (allowed <= 0)
        {
            throw ApiFault.DisruptionBudget(pod.Name, $"The disruption budget {budget.Name} needs {status.Number("desiredHealthy") ?? 0} healthy pods and has {status.Number("currentHealthy") ?? 0} currently");
        }

        status["disruptionsAllowed"] = allowed - 1;
    }
}
