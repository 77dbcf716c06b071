using System.Globalization;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using Amount = Portal.Provisioning.Blueprint.Objects.Quantity;

namespace Portal.Provisioning.Applying;

/// <summary>Volumes that outlive the pods they were made for: those of replicas that were taken away.</summary>
/// <remarks>They count against the namespace's quota like any other, and no spec knows of them: without room for them the next volume would be refused.</remarks>
internal static class KeptClaims
{
    private const decimal MiB = 1024 * 1024;

    /// <summary>The stack with a quota that has room for them too.</summary>
    public static RenderedStack MakeRoom(RenderedStack stack, LiveStack live)
    {
        var kept = Find(stack, live);
        return kept.Count == 0 ? stack : stack with
        {
            Manifests = [.. stack.Manifests.Select(manifest => manifest.Object.Kind == "ResourceQuota" ? Widen(manifest, kept) : manifest)],
        };
    }

    private static Manifest Widen(Manifest quota, List<decimal> kept)
    {
        var wider = quota.Object.Clone();
        if (wider.At("spec", "hard") is System.Text.Json.Nodes.JsonObject hard && hard["requests.storage"] is { } storage && hard["persistentvolumeclaims"] is { } claims)
        {
            hard["requests.storage"] = Amount.MiB(Amount.Read((string)storage!) + (long)Math.Ceiling(kept.Sum() / MiB));
            hard["persistentvolumeclaims"] = (int.Parse((string)claims!, CultureInfo.InvariantCulture) + kept.Count).ToString(CultureInfo.InvariantCulture);
        }

        return quota with { Object = wider };
    }

    /// <summary>The bytes of each: at least what the set's template asks for, because a claim grows with its set.</summary>
    private static List<decimal> Find(RenderedStack stack, LiveStack live)
    {
        var sizes = new List<decimal>();
        var named = stack.Manifests.Where(manifest => manifest.Object.Kind == "PersistentVolumeClaim").Select(manifest => manifest.Object.Name).ToHashSet(StringComparer.Ordinal);
        var sets = stack.Manifests.Select(manifest => manifest.Object).Where(item => item.Kind == "StatefulSet").ToList();
        foreach (var claim in live.OfKind("PersistentVolumeClaim").Where(claim => !named.Contains(claim.Name)))
        {
            var set = sets.Find(set => VolumeGrowth.IsClaimOf(claim, set.Name, "data"));
            // A set at rest has none, and the quota keeps the room of all that it had.
            if (set is null || (set.Number("spec", "replicas") is > 0 and var replicas && Ordinal(claim) >= replicas))
            {
                var wanted = set?.Items("spec", "volumeClaimTemplates").Select(template => (string?)template["spec"]!["resources"]!["requests"]!["storage"]).FirstOrDefault();
                var present = KubeQuantity.Parse(claim.Text("spec", "resources", "requests", "storage"));
                sizes.Add(wanted is null ? present : Math.Max(present, KubeQuantity.Parse(wanted)));
            }
        }

        return sizes;
    }

    private static int Ordinal(KubeObject claim) => int.Parse(claim.Name.AsSpan(claim.Name.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}
