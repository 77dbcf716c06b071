using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Keeps the numbered pods of a StatefulSet: in order or in parallel, with their claims, from the highest number down on updates.</summary>
internal sealed class StatefulSetController(ControlContext cluster) : Controller(cluster)
{
    public const string RevisionLabel = "controller-revision-hash";

    private static readonly TimeSpan s_refusedRetry = TimeSpan.FromSeconds(2);

    public override Turn Turn => Turn.Sets;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.StatefulSet, Kinds.Pod];

    public override void Observe(Change change) => LookAtSelfOrOwner(change, Kinds.StatefulSet);

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { IsTerminating: false } set)
        {
            return;
        }

        var spec = set.View.At("spec") as JsonObject ?? [];
        var revision = EnsureRevision(set, spec);
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Select(pod => (Pod: pod, Number: NumberOf(set, pod))).ToDictionary(entry => entry.Number, entry => entry.Pod);
        try
        {
            if (!Arrange(set, spec, pods, revision))
            {
                Update(set, spec, pods, revision);
            }
        }
        catch (ApiFault)
        {
            // The event says why; a quota or a webhook may allow it later.
            LookAfter(key, s_refusedRetry);
        }

        Report(set, spec, revision);
    }

    /// <returns>Whether pods are missing, too many or not ready yet, so that updating has to wait.</returns>
    private bool Arrange(StoredObject set, JsonObject spec, Dictionary<int, StoredObject> pods, string revision)
    {
        var wanted = (int)(spec.Number("replicas") ?? 1);
        var first = (int)(spec.Map("ordinals")?.Number("start") ?? 0);
        var ordered = spec.Text("podManagementPolicy") != "Parallel";
        var busy = false;
        for (var i = first; i < first + wanted; i++)
        {
            if (!pods.TryGetValue(i, out var pod))
            {
                Create(set, spec, i, revision);
                busy = true;
            }
            else if (PodState.IsFinished(pod) && !pod.IsTerminating)
            {
                Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Now);
                busy = true;
            }

            var waits = pod is null || !PodState.IsReady(pod);
            busy |= waits;
            if (ordered && waits)
            {
                return true;
            }
        }

        foreach (var (_, pod) in pods.Where(entry => entry.Key < first || entry.Key >= first + wanted).OrderByDescending(entry => entry.Key))
        {
            Cluster.Deleter.DeleteIfThere(pod, DeleteChoice.Background);
            if (ordered)
            {
                return true;
            }

            busy = true;
        }

        return busy;
    }

    private void Update(StoredObject set, JsonObject spec, Dictionary<int, StoredObject> pods, string revision)
    {
        if (spec.Map("updateStrategy")?.Text("type") == "OnDelete")
        {
            return;
        }

        var partition = spec.Map("updateStrategy", "rollingUpdate")?.Number("partition") ?? 0;
        var stale = pods.Where(entry => entry.Key >= partition && entry.Value.Labels.GetValueOrDefault(RevisionLabel) != revision)
            .OrderByDescending(entry => entry.Key).Select(entry => entry.Value).FirstOrDefault();
        if (stale is not null)
        {
            Cluster.Deleter.DeleteIfThere(stale, DeleteChoice.Background);
            Cluster.Events.Normal(set, "statefulset-controller", "SuccessfulDelete", $"delete Pod {stale.Name} in StatefulSet {set.Name} successful");
        }
    }

    private void Create(StoredObject set, JsonObject spec, int number, string revision)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{set.Name}-{number}");
        var pod = PodFactory.Make(set, name);
        var labels = pod.Section("metadata").Section("labels");
        labels[RevisionLabel] = revision;
        labels["statefulset.kubernetes.io/pod-name"] = name;
        labels["apps.kubernetes.io/pod-index"] = number.ToString(CultureInfo.InvariantCulture);
        var podSpec = pod.Section("spec");
        podSpec["hostname"] = name;
        podSpec["subdomain"] = spec.Text("serviceName");
        if (podSpec["subdomain"] is null)
        {
            podSpec.Remove("subdomain");
        }

        StatefulClaims.Add(Cluster, set, spec, podSpec, name);
        try
        {
            Cluster.Writer.CreateTrusted(Kinds.Pod, pod);
        }
        catch (ApiFault refusal)
        {
            Cluster.Events.Warning(set, "statefulset-controller", "FailedCreate", $"create Pod {name} in StatefulSet {set.Name} failed error: {refusal.Message}");
            throw;
        }

        Cluster.Events.Normal(set, "statefulset-controller", "SuccessfulCreate", $"create Pod {name} in StatefulSet {set.Name} successful");
    }

    private string EnsureRevision(StoredObject set, JsonObject spec)
    {
        var name = $"{set.Name}-{set.TemplateHash}";
        if (Cluster.Store.Get(Kinds.ControllerRevision, set.Namespace, name) is null)
        {
            var known = Cluster.Owned(set.Uid, Kinds.ControllerRevision).Select(item => item.View.Number("revision") ?? 0).DefaultIfEmpty().Max();
            Cluster.Writer.CreateTrusted(Kinds.ControllerRevision, new JsonObject
            {
                ["kind"] = "ControllerRevision",
                ["apiVersion"] = "apps/v1",
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["namespace"] = set.Namespace,
                    ["labels"] = spec.Map("template", "metadata", "labels").Copy(),
                    ["ownerReferences"] = new JsonArray(PodFactory.OwnerReference(set)),
                },
                ["revision"] = known + 1,
                ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = spec["template"].Copy() } },
            });
        }

        return name;
    }

    private void Report(StoredObject set, JsonObject spec, string revision)
    {
        var pods = Cluster.Owned(set.Uid, Kinds.Pod).Where(pod => !PodState.IsFinished(pod)).ToList();
        var now = Cluster.Time.GetUtcNow();
        var waits = pods.Select(pod => PodState.UntilAvailable(pod, spec.Number("minReadySeconds") ?? 0, now)).ToList();
        var updated = pods.Count(pod => pod.Labels.GetValueOrDefault(RevisionLabel) == revision);
        var wanted = spec.Number("replicas") ?? 1;
        var ready = waits.Count(wait => wait is not null);
        var done = updated == wanted && pods.Count == wanted && ready == wanted;
        var generation = set.View.Generation;
        Cluster.Status.Modify(set.Key, status =>
        {
            status["observedGeneration"] = generation;
            status["replicas"] = pods.Count;
            status["readyReplicas"] = ready;
            status["availableReplicas"] = waits.Count(wait => wait == TimeSpan.Zero);
            status["updatedReplicas"] = updated;
            status["updateRevision"] = revision;
            status["currentRevision"] = done ? revision : status.Text("currentRevision") ?? revision;
            status["currentReplicas"] = pods.Count(pod => pod.Labels.GetValueOrDefault(RevisionLabel) == status.Text("currentRevision"));
            status["collisionCount"] = 0;
            return true;
        });
        if (waits.Where(wait => wait > TimeSpan.Zero).DefaultIfEmpty().Min() is { } next)
        {
            LookAfter(set.Key, next);
        }
    }

    private static int NumberOf(StoredObject set, StoredObject pod) =>
        int.Parse(pod.Name.AsSpan(set.Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
