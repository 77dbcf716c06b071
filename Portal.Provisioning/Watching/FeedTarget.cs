using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Puts what one informer sees into its own part of a feed, and says which rows really changed.</summary>
/// <remarks>Several kinds share one feed, so a list replaces only the rows of its own kind.</remarks>
internal sealed class FeedTarget<TRow>(Feed<ObjectRef, TRow> feed, Func<KubeObject, TRow> project, Action<TRow?, TRow?> changed) : IInformerTarget
    where TRow : class, IFeedRow<ObjectRef>
{
    private readonly HashSet<ObjectRef> _mine = [];

    public void Replace(IEnumerable<KubeObject> listed)
    {
        var rows = listed.Select(project).ToList();
        var kept = rows.Select(r => r.Key).ToHashSet();
        foreach (var gone in _mine.Where(k => !kept.Contains(k)).ToList())
        {
            Take(gone);
        }

        foreach (var row in rows)
        {
            // The list is the truth even when it counts from an earlier version, as after a restore.
            if (feed.Find(row.Key) is { } held && held.Version > row.Version)
            {
                feed.Delete(row.Key);
            }

            Put(row);
        }
    }

    public void Upsert(KubeObject live) => Put(project(live));

    public void Delete(KubeObject last) => Take(last.Ref);

    private void Put(TRow row)
    {
        var before = feed.Find(row.Key);
        _mine.Add(row.Key);
        if (feed.Upsert(row))
        {
            changed(before, row);
        }
    }

    private void Take(ObjectRef key)
    {
        var before = feed.Find(key);
        _mine.Remove(key);
        if (feed.Delete(key))
        {
            changed(before, null);
        }
    }
}
