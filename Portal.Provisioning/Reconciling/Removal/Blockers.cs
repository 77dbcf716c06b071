using Portal.Provisioning.Applying;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>Names what holds a deletion up: finalizers that nobody removes, and a namespace that cannot be emptied. Pure.</summary>
internal static class Blockers
{
    /// <summary>Until then an object may take its time: pods stop, volumes are detached.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>The first blocker in a sentence with what to do; null when nothing has been on its way out for long.</summary>
    public static string? Of(LiveStack live, DateTimeOffset now)
    {
        var slow = live.All
            .Where(item => IsSlow(item, now) && item.Texts("metadata", "finalizers").Any(finalizer => !IsOfGarbageCollector(finalizer)))
            .OrderBy(item => item.DeletedAt()).ThenBy(item => item.Name, StringComparer.Ordinal).ToList();
        if (slow.Count > 0)
        {
            var finalizers = string.Join(", ", slow[0].Texts("metadata", "finalizers"));
            var others = slow.Count == 1 ? "" : $" {slow.Count - 1} more objects are held up as well.";
            return $"{slow[0].Ref} cannot go: the finalizer {finalizers} is still on it. Whoever set it has to finish and remove it.{others}";
        }

        return live.Namespace is { } ns && IsSlow(ns, now) ? $"{ns.Ref} cannot go: {ObjectHealth.Assess(ns).Message}" : null;
    }

    private static bool IsSlow(KubeObject item, DateTimeOffset now) => item.DeletedAt() is { } since && now - since > s_patience;

    // Waiting for dependents, which are then the ones to name.
    private static bool IsOfGarbageCollector(string finalizer) => finalizer is "foregroundDeletion" or "orphan";
}
