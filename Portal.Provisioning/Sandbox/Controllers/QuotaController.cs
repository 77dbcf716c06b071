using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Counts what a namespace uses of its ResourceQuotas.</summary>
internal sealed class QuotaController(ControlContext cluster) : Controller(cluster)
{
    private static readonly Dictionary<string, ResourceKind> s_counted = new(StringComparer.Ordinal)
    {
        ["pods"] = Kinds.Pod,
        ["services"] = Kinds.Service,
        ["configmaps"] = Kinds.ConfigMap,
        ["secrets"] = Kinds.Secret,
        ["persistentvolumeclaims"] = Kinds.PersistentVolumeClaim,
        ["count/jobs.batch"] = Kinds.Job,
        ["count/deployments.apps"] = Kinds.Deployment,
        ["count/statefulsets.apps"] = Kinds.StatefulSet,
        ["count/cronjobs.batch"] = Kinds.CronJob,
    };

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.ResourceQuota, .. s_counted.Values];

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
        var pods = Cluster.Store.List(Kinds.Pod, key.Namespace).Items.Where(pod => !PodState.IsFinished(pod)).ToList();
        var used = new JsonObject(hard.Select(limit => new KeyValuePair<string, JsonNode?>(limit.Key, Used(key.Namespace, limit.Key, pods))));
        Cluster.Writer.Modify(key, root =>
        {
            root["status"] = new JsonObject { ["hard"] = hard.DeepClone(), ["used"] = used };
            return true;
        });
    }

    private string Used(string ns, string name, List<StoredObject> pods)
    {
        if (name == "pods" || name == "count/pods")
        {
            return Quantity.Format(pods.Count * 1000L, binary: false);
        }

        if (s_counted.TryGetValue(name, out var kind))
        {
            return Quantity.Format(Cluster.Store.List(kind, ns).Items.Count * 1000L, binary: false);
        }

        var (part, resource) = name.Split('.', 2) is [var head and ("requests" or "limits"), var tail] ? (head, tail) : ("requests", name);
        return (part, resource) switch
        {
            (_, "storage") => Quantity.Format(
                Cluster.Store.List(Kinds.PersistentVolumeClaim, ns).Items.Sum(claim => Quantity.Milli(claim.View.Text("spec", "resources", "requests", "storage")) ?? 0), binary: true),
            _ when name == "services.loadbalancers" => Services(ns, "LoadBalancer"),
            _ when name == "services.nodeports" => Services(ns, "NodePort"),
            _ => Quantity.Format(
                pods.SelectMany(pod => pod.View.Items("spec", "containers")).Sum(container => Quantity.Milli(container.Map("resources", part)?.Text(resource)) ?? 0),
                binary: resource != "cpu"),
        };
    }

    private string Services(string ns, string type) =>
        Quantity.Format(Cluster.Store.List(Kinds.Service, ns).Items.Count(service => service.View.Text("spec", "type") == type) * 1000L, binary: false);
}
