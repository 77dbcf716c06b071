using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The pods of one workload: those of its newest version apart from those of older ones, which are on their way out.</summary>
internal sealed record WorkloadPods(IReadOnlyList<KubeObject> Newest, IReadOnlyList<KubeObject> Older)
{
    private const string Hash = "pod-template-hash";

    /// <param name="pods">Pods of any owner; those that are being deleted are left out.</param>
    /// <param name="replicaSets">What is known of them; without any, a Deployment's pods are told apart by its template.</param>
    public static WorkloadPods Of(KubeObject workload, IEnumerable<KubeObject> pods, IEnumerable<KubeObject> replicaSets)
    {
        var own = pods.Where(pod => !pod.IsTerminating && IsOwned(workload, pod)).OrderBy(pod => pod.Name, StringComparer.Ordinal).ToList();
        Func<KubeObject, bool> isNew = workload.Kind switch
        {
            "StatefulSet" when workload.Text("status", "updateRevision") is { } revision => pod => pod.Label("controller-revision-hash") is not { } mine || mine == revision,
            "Deployment" when NewestHash(workload, own, replicaSets) is var hash => pod => pod.Label(Hash) == hash,
            _ => _ => true,
        };
        return new([.. own.Where(isNew)], [.. own.Where(pod => !isNew(pod))]);
    }

    private static bool IsOwned(KubeObject workload, KubeObject pod)
    {
        var owner = pod.Items("metadata", "ownerReferences").Select(reference => new KubeObject(reference)).FirstOrDefault(reference => reference.Flag("controller") == true);
        return workload.Kind == "Deployment"
            ? owner?.Text("kind") == "ReplicaSet" && owner.Text("name") == $"{workload.Name}-{pod.Label(Hash)}"
            : owner?.Text("kind") == workload.Kind && owner.Text("name") == workload.Name;
    }

    private static string? NewestHash(KubeObject deployment, List<KubeObject> pods, IEnumerable<KubeObject> replicaSets)
    {
        var newest = replicaSets
            .Where(set => set.Label(Hash) is { } hash && set.Name == $"{deployment.Name}-{hash}")
            .OrderBy(set => long.TryParse(set.Annotation("deployment.kubernetes.io/revision"), out var revision) ? revision : 0)
            .LastOrDefault();
        if (newest is not null || deployment.Count("updatedReplicas") == 0)
        {
            return newest?.Label(Hash);
        }

        // Of versions that look alike the one whose first pod is youngest; a rollback brings back pods that match, whatever their age.
        return pods.Where(pod => IsFrom(deployment, pod))
            .GroupBy(pod => pod.Label(Hash))
            .OrderBy(version => version.Min(pod => pod.Time("metadata", "creationTimestamp") ?? default))
            .LastOrDefault()?.Key;
    }

    /// <summary>Whether the pod carries the template's images and annotations, our hash of the configuration among them.</summary>
    private static bool IsFrom(KubeObject deployment, KubeObject pod)
    {
        var template = new KubeObject(deployment.At("spec", "template") as System.Text.Json.Nodes.JsonObject ?? []);
        var images = pod.Items("spec", "containers").Select(container => ((string?)container["name"], (string?)container["image"])).ToHashSet();
        return template.Items("spec", "containers").All(container => images.Contains(((string?)container["name"], (string?)container["image"])))
            && (template.At("metadata", "annotations") as System.Text.Json.Nodes.JsonObject ?? []).All(wanted => pod.Annotation(wanted.Key) == (string?)wanted.Value);
    }
}
