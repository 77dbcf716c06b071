using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Counts what a namespace uses of its ResourceQuotas.</summary>
/// <remarks>Each change is added to what the namespace used before, so that its cost does not grow with what is there.</remarks>
internal sealed class QuotaController(ControlContext cluster) : Controller(cluster)
{
    private static readonly ResourceKind[] s_counted =
        [Kinds.Pod, Kinds.Service, Kinds.ConfigMap, Kinds.Secret, Kinds.PersistentVolumeClaim, Kinds.Job, Kinds.Deployment, Kinds.StatefulSet, Kinds.CronJob, Kinds.Ingress];

    // Of the others the number is enough, and some are large.
    private static readonly ResourceKind[] s_read = [Kinds.Pod, Kinds.Service, Kinds.PersistentVolumeClaim];
    private static readonly JsonObject s_nothing = [];

    private readonly Dictionary<string, Dictionary<string, long>> _used = new(StringComparer.Ordinal);

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.ResourceQuota, Kinds.Namespace, .. s_counted];

    public static bool Counts(ResourceKind kind) => s_counted.Contains(kind);

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.ResourceQuota)
        {
            Look(change.Key);
        }
        else if (change.Key.Kind == Kinds.Namespace)
        {
            if (change.Removed)
            {
                _used.Remove(change.Key.Name);
            }
        }
        else if (Matters(change))
        {
            if (!_used.TryGetValue(change.Key.Namespace, out var used))
            {
                _used[change.Key.Namespace] = used = new(StringComparer.Ordinal);
            }

            if (change.Before is null)
            {
                Cluster.Writer.Quotas.Pending.Remove(change.Key.Namespace, change.Now.Id);
            }

            Add(used, change.Before, -1);
            Add(used, change.Removed ? null : change.Now, 1);
            foreach (var quota in Cluster.Store.List(Kinds.ResourceQuota, change.Key.Namespace).Items)
            {
                Look(quota.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } quota)
        {
            return;
        }

        var hard = quota.View.At("spec", "hard") as JsonObject ?? [];
        var sums = _used.GetValueOrDefault(key.Namespace);
        Cluster.Writer.Quotas.Pending.Count(key.Namespace, pending => Cluster.Status.Modify(key, status =>
        {
            var used = hard.Select(limit => KeyValuePair.Create<string, JsonNode?>(
                limit.Key, QuotaGate.Spell(limit.Key, (sums?.GetValueOrDefault(limit.Key) ?? 0) + pending(limit.Key))));
            status.Clear();
            status["hard"] = hard.DeepClone();
            status["used"] = new JsonObject(used);
            return true;
        }));
    }

    // A pod counts until it has ended, and its size cannot change.
    private static bool Matters(Change change) =>
        change.Before is null || change.Removed
        || (change.Key.Kind == Kinds.Pod && PodState.IsFinished(change.Now) && !PodState.IsFinished(change.Before))
        || change.Key.Kind == Kinds.Service || change.Key.Kind == Kinds.PersistentVolumeClaim;

    private static void Add(Dictionary<string, long> used, StoredObject? item, int sign)
    {
        if (item is null)
        {
            return;
        }

        foreach (var (resource, amount) in QuotaUse.Of(item.Kind, s_read.Contains(item.Kind) ? item.View.Root : s_nothing))
        {
            used[resource] = used.GetValueOrDefault(resource) + (sign * amount);
        }
    }
}
