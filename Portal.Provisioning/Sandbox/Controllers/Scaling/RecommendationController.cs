using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Gives VerticalPodAutoscalers a recommendation from the synthetic usage of their target's containers; it never evicts or resizes a pod.</summary>
internal sealed class RecommendationController(ControlContext cluster) : Controller(cluster)
{
    private const double Margin = 1.15;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.VerticalPodAutoscaler, Kinds.Deployment, Kinds.StatefulSet, Kinds.DaemonSet];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.VerticalPodAutoscaler)
        {
            Look(change.Key);
            return;
        }

        // The recommendation follows the template only.
        if (change.Before is not null && !change.Removed && change.Before.View.Generation == change.Now.View.Generation)
        {
            return;
        }

        foreach (var scaler in Cluster.Store.List(Kinds.VerticalPodAutoscaler, change.Key.Namespace).Items)
        {
            if (scaler.View.Text("spec", "targetRef", "name") == change.Key.Name && scaler.View.Text("spec", "targetRef", "kind") == change.Key.Kind.Kind)
            {
                Look(scaler.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } scaler)
        {
            return;
        }

        var reference = scaler.View.At("spec", "targetRef") as JsonObject ?? [];
        var kind = Kinds.ByName(reference.Text("apiVersion") ?? "apps/v1", reference.Text("kind") ?? "");
        var target = kind is null ? null : Cluster.Store.Get(kind, key.Namespace, reference.Text("name") ?? "");
        var policies = scaler.View.Items("spec", "resourcePolicy", "containerPolicies").ToList();
        var containers = (target?.View.Items("spec", "template", "spec", "containers") ?? [])
            .Select(container => (Container: container, Policy: PolicyOf(policies, container.Text("name"))))
            .Where(entry => entry.Policy?.Text("mode") != "Off")
            .Select(entry => Recommend(entry.Container, entry.Policy))
            .ToList();
        var now = Cluster.Now;
        Cluster.Status.Modify(key, status =>
        {
            status["recommendation"] = new JsonObject { ["containerRecommendations"] = new JsonArray([.. containers.Select(entry => entry.DeepClone())]) };
            Conditions.Set(
                status, "RecommendationProvided", containers.Count > 0, now, containers.Count > 0 ? null : "NoPodsMatched",
                containers.Count > 0 ? "from the synthetic usage of the sandbox, nothing is measured" : "the target has no containers to recommend for");
            return true;
        });
    }

    private static JsonObject? PolicyOf(List<JsonObject> policies, string? container) =>
        policies.FirstOrDefault(policy => policy.Text("containerName") == container) ?? policies.FirstOrDefault(policy => policy.Text("containerName") == "*");

    private static JsonObject Recommend(JsonObject container, JsonObject? policy)
    {
        var requests = container.Map("resources", "requests");
        var cpu = (long)((Quantity.Milli(requests?.Text("cpu")) ?? 25) * UsageMeter.Peak * Margin);
        var memory = (long)(((Quantity.Milli(requests?.Text("memory")) ?? (256L << 20) * 1000) / 1000) * UsageMeter.MemoryShare * Margin);
        return new JsonObject
        {
            ["containerName"] = container.Text("name"),
            ["target"] = Amounts(cpu, memory, policy),
            ["lowerBound"] = Amounts(cpu / 2, memory / 2, policy),
            ["upperBound"] = Amounts(cpu * 2, memory * 2, policy),
            ["uncappedTarget"] = Amounts(cpu, memory, null),
        };
    }

    private static JsonObject Amounts(long milliCpu, long memoryBytes, JsonObject? policy) => new()
    {
        ["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{Within(milliCpu, "cpu", 1, policy)}m"),
        ["memory"] = Within(memoryBytes, "memory", 1000, policy).ToString(CultureInfo.InvariantCulture),
    };

    /// <param name="unit">The thousandths in one unit of the amount.</param>
    private static long Within(long amount, string resource, long unit, JsonObject? policy)
    {
        var least = (Quantity.Milli(policy?.Map("minAllowed")?.Text(resource)) ?? 0) / unit;
        var most = (Quantity.Milli(policy?.Map("maxAllowed")?.Text(resource)) ?? long.MaxValue) / unit;
        return Math.Clamp(amount, Math.Min(least, most), most);
    }
}
