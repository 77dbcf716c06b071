using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Rolls a Deployment from its old ReplicaSets to the one of its current template.</summary>
internal sealed class DeploymentController(ControlContext cluster) : Controller(cluster)
{
    public const string HashLabel = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    public override Turn Turn => Turn.Deployments;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Deployment, Kinds.ReplicaSet];

    public override void Observe(Change change) => LookAtSelfOrOwner(change, Kinds.Deployment);

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } deployment)
        {
            return;
        }

        var spec = deployment.View.At("spec") as JsonObject ?? [];
        var hash = deployment.TemplateHash;
        var sets = Cluster.Owned(deployment.Uid, Kinds.ReplicaSet).Where(set => !set.IsTerminating).ToList();
        var current = sets.Find(set => set.Labels.GetValueOrDefault(HashLabel) == hash);
        if (!spec.Flag("paused"))
        {
            current ??= CreateSet(deployment, spec, hash, sets);
            var plan = new RolloutPlan(spec, current, [.. sets.Where(set => set.Uid != current.Uid)]);
            foreach (var (set, replicas) in plan.Steps())
            {
                Scale(deployment, set, replicas);
            }

            Forget(spec, [.. sets.Where(set => set.Uid != current.Uid)]);
        }

        var report = new DeploymentStatus(Cluster.Now, Cluster.Time.GetUtcNow(), deployment.View.Generation, spec, current?.Uid);
        var after = Cluster.Owned(deployment.Uid, Kinds.ReplicaSet).ToList();
        if (current is not null && Number(current) is var number and > 0 && number != Number(deployment))
        {
            Cluster.Writer.Modify(key, root =>
            {
                root.Section("metadata").Section("annotations")[Revision] = number.ToString(CultureInfo.InvariantCulture);
                report.Write(root.Section("status"), after);
                return true;
            });
        }
        else
        {
            Cluster.Status.Modify(key, status =>
            {
                report.Write(status, after);
                return true;
            });
        }

        if (report.DeadlineIn is { } left)
        {
            LookAfter(key, left);
        }
    }

    private static long Number(StoredObject set) =>
        long.TryParse(set.View.Annotation(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private StoredObject CreateSet(StoredObject deployment, JsonObject spec, string hash, List<StoredObject> sets)
    {
        // The very first set has nothing to make place for: it begins with all its pods.
        var replicas = sets.Count == 0 ? spec.Number("replicas") ?? 1 : 0;
        var template = (JsonObject)spec["template"]!.DeepClone();
        template.Section("metadata").Section("labels")[HashLabel] = hash;
        var selector = (JsonObject)spec["selector"]!.DeepClone();
        selector.Section("matchLabels")[HashLabel] = hash;
        var body = new JsonObject
        {
            ["kind"] = "ReplicaSet",
            ["apiVersion"] = "apps/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = template.Section("metadata")["labels"].Copy(),
                ["annotations"] = new JsonObject { [Revision] = (sets.Select(Number).DefaultIfEmpty().Max() + 1).ToString(CultureInfo.InvariantCulture) },
                ["ownerReferences"] = new JsonArray(PodFactory.OwnerReference(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        };
        if (spec["minReadySeconds"] is { } seconds)
        {
            body.Section("spec")["minReadySeconds"] = seconds.DeepClone();
        }

        var created = Cluster.Writer.CreateTrusted(Kinds.ReplicaSet, body);
        if (replicas > 0)
        {
            Scaled(deployment, created, 0, replicas);
        }

        return created;
    }

    private void Scale(StoredObject deployment, StoredObject set, long replicas)
    {
        var before = RolloutPlan.Replicas(set);
        Cluster.Writer.ModifySpec(set.Key, root =>
        {
            root.Section("spec")["replicas"] = replicas;
            return true;
        });
        Scaled(deployment, set, before, replicas);
    }

    private void Scaled(StoredObject deployment, StoredObject set, long before, long replicas)
    {
        var direction = replicas > before ? "up" : "down";
        Cluster.Events.Normal(deployment, "deployment-controller", "ScalingReplicaSet", $"Scaled {direction} replica set {set.Name} from {before} to {replicas}");
    }

    private void Forget(JsonObject spec, List<StoredObject> old)
    {
        var keep = (int)(spec.Number("revisionHistoryLimit") ?? 10);
        var empty = old.Where(set => RolloutPlan.Replicas(set) == 0 && (set.View.Number("status", "replicas") ?? 0) == 0).OrderBy(Number).ToList();
        foreach (var set in empty.Take(Math.Max(0, empty.Count - keep)))
        {
            Cluster.Deleter.DeleteIfThere(set, DeleteChoice.Background);
        }
    }
}
