using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Counts what a namespace uses of its ResourceQuotas.</summary>
internal sealed class QuotaController(ControlContext cluster) : Controller(cluster)
{
    private static readonly ResourceKind[] s_counted =
        [Kinds.Pod, Kinds.Service, Kinds.ConfigMap, Kinds.Secret, Kinds.PersistentVolumeClaim, Kinds.Job, Kinds.Deployment, Kinds.StatefulSet, Kinds.CronJob, Kinds.Ingress];

    // Of the others the number is enough, and some are large.
    private static readonly ResourceKind[] s_read = [Kinds.Pod, Kinds.Service, Kinds.PersistentVolumeClaim];
    private static readonly JsonObject s_nothing = [];

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.ResourceQuota, .. s_counted];

    public override void Observe(Change change)
    {
        if (change.Key.Kind == Kinds.ResourceQuota)
        {
            Look(change.Key);
        }
        else if (change.Removed || change.Before is null || (change.Key.Kind == Kinds.Pod && PodState.IsFinished(change.Now)))
        {
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
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var item in s_counted.SelectMany(kind => Cluster.Store.List(kind, key.Namespace).Items))
        {
            foreach (var (resource, amount) in QuotaUse.Of(item.Kind, s_read.Contains(item.Kind) ? item.View.Root : s_nothing))
            {
                sums[resource] = sums.GetValueOrDefault(resource) + amount;
            }
        }

        var used = hard.Select(limit => new KeyValuePair<string, JsonNode?>(limit.Key, QuotaGate.Spell(limit.Key, sums.GetValueOrDefault(limit.Key)))).ToList();
        Cluster.Writer.Modify(key, root =>
        {
            root["status"] = new JsonObject { ["hard"] = hard.DeepClone(), ["used"] = new JsonObject(used.Select(entry => new KeyValuePair<string, JsonNode?>(entry.Key, entry.Value.Copy()))) };
            return true;
        });
    }
}
