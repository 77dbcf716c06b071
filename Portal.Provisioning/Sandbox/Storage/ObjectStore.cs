using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The objects of the sandbox in memory: one version counter, compare-and-swap writes, ordered changes.</summary>
/// <remarks>
/// Every write goes through one gate, which is held only to check, number and publish; the costly work (merging,
/// defaulting, validating, serializing) happens outside on a parsed copy and is repeated by the caller when the object moved meanwhile.
/// </remarks>
internal sealed class ObjectStore
{
    private const int HistoryPerKind = 1024;
    private const int HistoryBytesPerKind = 4 * 1024 * 1024;
    private const int FeedLimit = 16384;

    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKind, Shelf> _shelves = Kinds.All.ToDictionary(kind => kind, _ => new Shelf(HistoryPerKind, HistoryBytesPerKind));
    private readonly Dictionary<Guid, ObjectKey> _byUid = [];
    private readonly Dictionary<string, ObjectKey[]> _dependents = new(StringComparer.Ordinal);
    private long _version = 1;

    /// <summary>Called for every change, in order, under the gate: it must only hand the change on.</summary>
    public Action<Change>? Committed { get; set; }

    /// <summary>Called for every change, in order, under the gate, as <see cref="Committed"/> is; not for restored objects.</summary>
    public Action<Change>? Recorded { get; set; }

    public long Version => Volatile.Read(ref _version);

    public StoredObject? Get(ObjectKey key) => Get(key.Kind, key.Namespace, key.Name);

    public StoredObject? Get(ResourceKind kind, string ns, string name)
    {
        lock (_gate)
        {
            return _shelves[kind].Get(ns, name);
        }
    }

    /// <summary>The objects of a kind, ordered by namespace and name, with the version that the list stands for.</summary>
    public (IReadOnlyList<StoredObject> Items, long Version) List(ResourceKind kind, string? ns)
    {
        lock (_gate)
        {
            return ([.. _shelves[kind].List(ns)], _version);
        }
    }

    /// <summary>Every object, with the version that this stands for.</summary>
    public (IReadOnlyList<StoredObject> Items, long Version) All()
    {
        lock (_gate)
        {
            return ([.. _shelves.Values.SelectMany(shelf => shelf.List(null))], _version);
        }
    }

    /// <summary>Fills the empty store with objects of an earlier run. Controllers see each as new, nodes first; watches cannot start from before.</summary>
    public void Restore(IEnumerable<StoredObject> items, long version)
    {
        lock (_gate)
        {
            _version = version;
            foreach (var item in items.OrderBy(item => item.Kind == Kinds.Node ? 0 : 1).ThenBy(item => item.Version))
            {
                Link(null, item);
                Committed?.Invoke(new Change(null, item, Removed: false));
            }

            foreach (var shelf in _shelves.Values)
            {
                shelf.StartAt(version);
            }
        }
    }

    public StoredObject? ByUid(string uid)
    {
        lock (_gate)
        {
            return Guid.TryParse(uid, out var id) && _byUid.TryGetValue(id, out var key) ? _shelves[key.Kind].Get(key.Namespace, key.Name) : null;
        }
    }

    /// <summary>The objects that name this uid in their owner references.</summary>
    public IReadOnlyList<StoredObject> Dependents(string uid)
    {
        lock (_gate)
        {
            return _dependents.TryGetValue(uid, out var keys)
                ? [.. keys.Select(key => _shelves[key.Kind].Get(key.Namespace, key.Name)).OfType<StoredObject>()]
                : [];
        }
    }

    /// <summary>Stores a new object; null when the name is taken.</summary>
    public StoredObject? TryCreate(ResourceKind kind, JsonObject root)
    {
        var now = StoredObject.Draft(kind, root, Version + 1, before: null);
        lock (_gate)
        {
            if (_shelves[kind].Get(now.Namespace, now.Name) is not null)
            {
                return null;
            }

            now.Number(++_version, root);
            return Commit(null, now);
        }
    }

    /// <summary>Stores a new object that was never a tree; null when the name is taken.</summary>
    public StoredObject? TryCreate(StoredObject draft)
    {
        lock (_gate)
        {
            if (_shelves[draft.Kind].Get(draft.Namespace, draft.Name) is not null)
            {
                return null;
            }

            draft.Number(++_version);
            return Commit(null, draft);
        }
    }

    /// <summary>Replaces exactly the version the caller worked on; null when it has moved or gone.</summary>
    /// <param name="utf8">The root as bytes, still with the version of before, when the caller has them.</param>
    public StoredObject? TryReplace(StoredObject before, JsonObject root, byte[]? utf8 = null)
    {
        var now = StoredObject.Draft(before.Kind, root, Version + 1, before, utf8);
        lock (_gate)
        {
            if (_shelves[before.Kind].Get(before.Namespace, before.Name) != before)
            {
                return null;
            }

            now.Number(++_version, root);
            return Commit(before, now);
        }
    }

    /// <summary>Replaces exactly the version before by a draft that follows it; null when it has moved or gone.</summary>
    public StoredObject? TryReplace(StoredObject before, StoredObject draft)
    {
        lock (_gate)
        {
            if (_shelves[before.Kind].Get(before.Namespace, before.Name) != before)
            {
                return null;
            }

            draft.Number(++_version);
            return Commit(before, draft);
        }
    }

    /// <summary>Removes exactly this version; null when it has moved or gone.</summary>
    public StoredObject? TryRemove(StoredObject before, JsonObject lastState)
    {
        var now = StoredObject.Draft(before.Kind, lastState, Version + 1, before);
        lock (_gate)
        {
            var shelf = _shelves[before.Kind];
            if (shelf.Get(before.Namespace, before.Name) != before)
            {
                return null;
            }

            now.Number(++_version, lastState);
            shelf.Remove(before);
            _byUid.Remove(before.Id);
            Unlink(before);
            Publish(shelf, new Change(before, now, Removed: true));
            return now;
        }
    }

    /// <summary>Opens a feed of changes after a version; null when those changes are no longer known (410 Gone).</summary>
    /// <param name="after">Null to start with what is there now.</param>
    public (WatchFeed Feed, IReadOnlyList<StoredObject> Existing, IReadOnlyList<Change> Missed)? Watch(ResourceKind kind, string? ns, long? after)
    {
        lock (_gate)
        {
            var shelf = _shelves[kind];
            if (after < shelf.Floor)
            {
                return null;
            }

            var feed = new WatchFeed(ns, FeedLimit);
            shelf.Feeds.Add(feed);
            IReadOnlyList<StoredObject> existing = after is null ? [.. shelf.List(ns)] : [];
            IReadOnlyList<Change> missed = after is null ? [] : [.. shelf.Since(after.Value).Where(change => ns is null || change.Key.Namespace == ns)];
            return (feed, existing, missed);
        }
    }

    public void Unwatch(ResourceKind kind, WatchFeed feed)
    {
        lock (_gate)
        {
            _shelves[kind].Feeds.Remove(feed);
        }
    }

    /// <summary>Ends every open watch; readers come back with their last version.</summary>
    public void EndWatches()
    {
        lock (_gate)
        {
            foreach (var feed in _shelves.Values.SelectMany(shelf => shelf.Feeds))
            {
                feed.End();
            }
        }
    }

    private StoredObject Commit(StoredObject? before, StoredObject now)
    {
        Link(before, now);
        Publish(_shelves[now.Kind], new Change(before, now, Removed: false));
        return now;
    }

    private void Link(StoredObject? before, StoredObject now)
    {
        _shelves[now.Kind].Put(now);
        if (before is null)
        {
            _byUid[now.Id] = now.Key;
        }

        if (before is null || !before.Owners.SequenceEqual(now.Owners))
        {
            Unlink(before);
            foreach (var owner in now.Owners)
            {
                // An array for each owner: there are many owners of few.
                _dependents[owner] = _dependents.TryGetValue(owner, out var keys) ? [.. keys, now.Key] : [now.Key];
            }
        }
    }

    private void Unlink(StoredObject? item)
    {
        foreach (var owner in item?.Owners ?? [])
        {
            if (!_dependents.TryGetValue(owner, out var keys))
            {
                continue;
            }

            ObjectKey[] left = [.. keys.Where(key => key != item!.Key)];
            if (left.Length == 0)
            {
                _dependents.Remove(owner);
            }
            else
            {
                _dependents[owner] = left;
            }
        }
    }

    private void Publish(Shelf shelf, Change change)
    {
        shelf.Record(change);
        Committed?.Invoke(change);
        Recorded?.Invoke(change);
    }
}
