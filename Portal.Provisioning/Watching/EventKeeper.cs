using Portal.Core.Feeds;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Keeps the newest events of each namespace that is ours. Events carry no labels, so the namespace decides.</summary>
/// <remarks>Thread-safe: the informer of events writes, and the others tell it when a namespace becomes ours or is gone.</remarks>
internal sealed class EventKeeper(Feed<ObjectRef, EventRow> feed, Func<string, bool> isOurs, ClusterWatchOptions options) : IInformerTarget
{
    private readonly Lock _lock = new();
    private readonly Queue<EventRow> _strangers = [];
    private readonly HashSet<string> _welcome = new(StringComparer.Ordinal);

    public void Replace(IEnumerable<KubeObject> listed)
    {
        var rows = listed.Select(Projection.Event).OrderBy(r => r.Time).ToList();
        lock (_lock)
        {
            var kept = rows.Select(r => r.Key).ToHashSet();
            foreach (var gone in feed.Rows(null).Where(r => !kept.Contains(r.Key)))
            {
                feed.Delete(gone.Key);
            }

            _strangers.Clear();
            rows.ForEach(Put);
        }
    }

    public void Upsert(KubeObject live)
    {
        var row = Projection.Event(live);
        lock (_lock)
        {
            Put(row);
        }
    }

    public void Delete(KubeObject last) => feed.Delete(last.Ref);

    /// <summary>Something of ours is in the namespace: what was said there before that counts too.</summary>
    public void Welcome(string ns)
    {
        lock (_lock)
        {
            if (!_welcome.Add(ns))
            {
                return;
            }

            for (var left = _strangers.Count; left > 0; left--)
            {
                var row = _strangers.Dequeue();
                if (row.Scope == ns)
                {
                    Keep(row);
                }
                else
                {
                    _strangers.Enqueue(row);
                }
            }
        }
    }

    /// <summary>Nothing of ours is left in the namespace.</summary>
    public void Forget(string ns)
    {
        lock (_lock)
        {
            _welcome.Remove(ns);
            foreach (var row in feed.Rows(ns))
            {
                feed.Delete(row.Key);
            }
        }
    }

    private void Put(EventRow row)
    {
        if (isOurs(row.Scope))
        {
            Keep(row);
            return;
        }

        _strangers.Enqueue(row);
        if (_strangers.Count > options.EventsOfStrangers)
        {
            _strangers.Dequeue();
        }
    }

    private void Keep(EventRow row)
    {
        feed.Upsert(row);
        if (feed.CountOf(row.Scope) <= options.EventsPerNamespace)
        {
            return;
        }

        foreach (var old in feed.Rows(row.Scope).OrderByDescending(r => r.Time).Skip(options.EventsPerNamespace))
        {
            feed.Delete(old.Key);
        }
    }
}
