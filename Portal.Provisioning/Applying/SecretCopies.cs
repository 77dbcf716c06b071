using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Keeps the copies of the platform's Secrets like the ones they are made of. The values go from the cluster to the cluster and nowhere else.</summary>
/// <remarks>
/// Compared at each look, value by value in memory: a hash of them would be one more thing to guard. A source that is not there leaves the copy as it
/// is, because pods use it, and is told; without a copy the component waits, see <see cref="Reconciling.ComponentAssessment"/>.
/// </remarks>
internal static class SecretCopies
{
    /// <returns>Those whose source is not there.</returns>
    public static async Task<IReadOnlyList<Manifest>> FollowAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> manifests, CancellationToken ct)
    {
        var missing = new List<Manifest>();
        foreach (var manifest in manifests.Where(manifest => manifest.CopiedFrom is not null))
        {
            var reference = manifest.Object.Ref;
            var existing = live.Find(reference);
            if (await kube.GetAsync(reference with { Namespace = manifest.CopiedFrom }, ct) is not { IsTerminating: false } source)
            {
                missing.Add(manifest);
                continue;
            }

            if (existing is { IsTerminating: true } || IsSame(source, existing))
            {
                continue;
            }

            if (existing is not null && TypeOf(existing) != TypeOf(source))
            {
                // The type of a Secret cannot change.
                await kube.DeleteAsync(reference, new DeleteOptions { Uid = existing.Uid, Propagation = DeletePropagation.Background }, ct);
            }

            live.Put(await kube.ApplyAsync(Filled(manifest, source), new ApplyOptions { Force = true }, ct));
        }

        return missing;
    }

    private static KubeObject Filled(Manifest manifest, KubeObject source)
    {
        var copy = ManifestHash.Stamp(manifest.Object);
        copy.Root["type"] = TypeOf(source);
        copy.Root["data"] = source.At("data")?.DeepClone() ?? new JsonObject();
        return copy;
    }

    private static bool IsSame(KubeObject source, KubeObject? copy) =>
        copy is not null && copy.Annotation(Labels.CopiedFrom) == source.Namespace && TypeOf(copy) == TypeOf(source)
        && JsonNode.DeepEquals(copy.At("data") ?? new JsonObject(), source.At("data") ?? new JsonObject());

    private static string TypeOf(KubeObject secret) => secret.Text("type") ?? "Opaque";
}
