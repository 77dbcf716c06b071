using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the status of PodDisruptionBudgets: how many pods there are, how many must stay, how many may go.</summary>
internal sealed class DisruptionController(ControlContext cluster) : Controller(cluster)
{
    public override TimeSpan Gather { get; } = TimeSpan.FromMilliseconds(30);

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.PodDisruptionBudget, Kinds.Pod];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.PodDisruptionBudget)
        {
            Look(change.Key);
            return;
        }

        foreach (var budget in Cluster.Store.List(Kinds.PodDisruptionBudget, change.Key.Namespace).Items)
        {
            if (budget.Selector?.Matches(change.Now.Labels) == true)
            {
                Look(budget.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } budget)
        {
            return;
        }

        var spec = budget.View.At("spec") as JsonObject ?? [];
        var selector = budget.Selector;
        var pods = Cluster.Store.List(Kinds.Pod, key.Namespace).Items.Where(pod => selector?.Matches(pod.Labels) == true && PodState.IsActive(pod)).ToList();
        var expected = Expected(pods);
        var healthy = pods.Count(PodState.IsReady);
        var desired = spec["maxUnavailable"] is { } unavailable
            ? Math.Max(0, expected - Amount(unavailable, expected))
            : Amount(spec["minAvailable"], expected);
        var allowed = Math.Max(0, healthy - desired);
        var (generation, now) = (budget.View.Generation, Cluster.Now);
        Cluster.Status.Modify(key, status =>
        {
            status["expectedPods"] = expected;
            status["currentHealthy"] = healthy;
            status["desiredHealthy"] = desired;
            status["disruptionsAllowed"] = expected == 0 ? 0 : allowed;
            status["observedGeneration"] = generation;
            Conditions.Set(status, "DisruptionAllowed", allowed > 0 && expected > 0, now, allowed > 0 && expected > 0 ? "SufficientPods" : "InsufficientPods", "")["observedGeneration"] = generation;
            return true;
        });
    }

    // What the pods' workloads want counts, not what happens to exist: otherwise a budget would relax while pods are missing.
    private int Expected(List<StoredObject> pods)
    {
        var owners = pods.SelectMany(pod => pod.Owners).Distinct().Select(Cluster.Store.ByUid).OfType<StoredObject>().Where(owner => owner.Kind.HasScale).ToList();
        var owned = pods.Count(pod => owners.Any(owner => pod.Owners.Contains(owner.Uid)));
        return (int)owners.Sum(owner => owner.View.Number("spec", "replicas") ?? 1) + pods.Count - owned;
    }

    private static int Amount(JsonNode? value, int of) => value.AsNumber() is { } number
        ? (int)number
        : (int)Math.Ceiling(double.Parse((value.AsText() ?? "0%").TrimEnd('%'), CultureInfo.InvariantCulture) * of / 100);
}
