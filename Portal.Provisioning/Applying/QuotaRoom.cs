using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Blueprint.Base;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Keeps a namespace's quota wide enough for what is there and what is coming while its stack changes.</summary>
/// <remarks>
/// The server measures every write, dry runs too, by the quota that stands. So a quota grows before anything else is tried, and gets
/// its wanted size, which may be smaller, only after all the rest: a rolling update runs old and new pods side by side, and what the
/// spec does not ask for any more stays until what takes its place is healthy.
/// </remarks>
internal static class QuotaRoom
{
    /// <summary>The quotas that exist already: those that have to wait for the end.</summary>
    public static IReadOnlyList<Manifest> Standing(LiveStack live, IEnumerable<Manifest> manifests) =>
        [.. manifests.Where(manifest => manifest.Object.Kind == "ResourceQuota" && live.Find(manifest.Object.Ref) is not null)];

    /// <summary>The limits that a change needs at its widest: each object as it is or as it will be, whichever needs more, and all that goes at the end.</summary>
    public static JsonObject Needed(IEnumerable<Manifest> manifests, LiveStack live, EnvironmentId id)
    {
        var wanted = QuotaNeed.Each([.. manifests.Select(manifest => manifest.Object)]);
        var present = QuotaNeed.Each([.. live.All.Where(item => LiveStack.IsOurs(item, id) && IsRendered(item))]);
        return Quota.Limits(QuotaNeed.Sum(wanted.Keys.Union(present.Keys).Select(key => QuotaNeed.Larger(wanted.GetValueOrDefault(key), present.GetValueOrDefault(key)))));
    }

    /// <summary>The largest of the limits that stand, those that are wanted and those that the way there needs.</summary>
    /// <remarks>A limit that is not there yet would narrow, so it comes at the end as well.</remarks>
    public static JsonObject Wide(KubeObject present, KubeObject wanted, JsonObject? needed) =>
        new(Limits(present, "spec").Select(limit => KeyValuePair.Create<string, JsonNode?>(
            limit.Key,
            new[] { limit.Value, Limits(wanted, "spec")[limit.Key], needed?[limit.Key] }.Select(amount => amount?.ToString()).OfType<string>().MaxBy(KubeQuantity.Parse))));

    /// <summary>Gives every standing quota its widest limits.</summary>
    /// <param name="needed">What a change that is under way needs; null when none is.</param>
    /// <returns>False while the server still measures by the limits of before.</returns>
    public static async Task<bool> WidenAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> standing, JsonObject? needed, CancellationToken ct)
    {
        var isInForce = true;
        foreach (var manifest in standing)
        {
            var present = live.Find(manifest.Object.Ref)!;
            var isInSync = StackApplier.IsInSync(manifest, live);
            var wide = isInSync && needed is null ? Limits(present, "spec") : Wide(present, manifest.Object, needed);
            if (!JsonNode.DeepEquals(wide, Limits(present, "spec")))
            {
                // Without our hash, so that it still counts as different from what is wanted.
                var widened = manifest.Object.Clone();
                widened.Root["spec"]!["hard"] = wide;
                present = await kube.ApplyAsync(widened, new ApplyOptions { Force = true }, ct);
                live.Put(present);
                isInSync = false;
            }

            isInForce &= isInSync || JsonNode.DeepEquals(Limits(present, "spec"), Limits(present, "status"));
        }

        return isInForce;
    }

    // Volumes that no spec asks for any more are in the wanted limits already, see KeptClaims.
    private static bool IsRendered(KubeObject item) => item.Kind != "PersistentVolumeClaim" && item.At("metadata", "ownerReferences") is null;

    private static JsonObject Limits(KubeObject quota, string part) => quota.At(part, "hard") as JsonObject ?? [];
}
