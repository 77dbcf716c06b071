using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Keeps a namespace's quota wide enough for what is there and what is coming while its stack changes.</summary>
/// <remarks>
/// The server measures every write, dry runs too, by the quota that stands. So a quota grows before anything else is tried, and gets
/// its wanted size, which may be smaller, only after all the rest: a rolling update runs old and new pods side by side.
/// </remarks>
internal static class QuotaRoom
{
    /// <summary>The quotas that exist already: those that have to wait for the end.</summary>
    public static IReadOnlyList<Manifest> Standing(LiveStack live, IEnumerable<Manifest> manifests) =>
        [.. manifests.Where(manifest => manifest.Object.Kind == "ResourceQuota" && live.Find(manifest.Object.Ref) is not null)];

    /// <summary>Gives every standing quota the larger of its present and its wanted limits.</summary>
    /// <returns>False while the server still measures by the limits of before.</returns>
    public static async Task<bool> WidenAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> standing, CancellationToken ct)
    {
        var isInForce = true;
        foreach (var manifest in standing.Where(manifest => !StackApplier.IsInSync(manifest, live)))
        {
            var present = live.Find(manifest.Object.Ref)!;
            var wide = Wider(Limits(present, "spec"), Limits(manifest.Object, "spec"));
            if (!JsonNode.DeepEquals(wide, Limits(present, "spec")))
            {
                // Without our hash, so that it still counts as different from what is wanted.
                var widened = manifest.Object.Clone();
                widened.Root["spec"]!["hard"] = wide;
                present = await kube.ApplyAsync(widened, new ApplyOptions { Force = true }, ct);
                live.Put(present);
            }

            isInForce &= JsonNode.DeepEquals(Limits(present, "spec"), Limits(present, "status"));
        }

        return isInForce;
    }

    // A limit that is not there yet would narrow, so it comes at the end as well.
    private static JsonObject Wider(JsonObject present, JsonObject wanted) =>
        new(present.Select(limit => KeyValuePair.Create<string, JsonNode?>(
            limit.Key,
            wanted[limit.Key] is { } other && KubeQuantity.Parse((string?)other) > KubeQuantity.Parse((string?)limit.Value) ? (string?)other : (string?)limit.Value)));

    private static JsonObject Limits(KubeObject quota, string part) => quota.At(part, "hard") as JsonObject ?? [];
}
