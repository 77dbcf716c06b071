namespace Portal.Provisioning.Sandbox;

/// <summary>All objects of one kind, by namespace and name, with the recent changes that a watch may resume from.</summary>
/// <remarks>Not thread-safe: the store's gate guards it.</remarks>
internal sealed class Shelf(int historyLimit, int historyBytes)
{
    private readonly SortedDictionary<string, SortedList<string, StoredObject>> _byNamespace = new(StringComparer.Ordinal);
    private readonly Queue<Change> _history = new();
    private int _bytes;

    public List<WatchFeed> Feeds { get; } = [];

    /// <summary>The version of the newest change that fell out of the history: a watch must start at it or after it.</summary>
    public long Floor { get; private set; }

    public int Count { get; private set; }

    public StoredObject? Get(string ns, string name) =>
        _byNamespace.TryGetValue(ns, out var names) ? names.GetValueOrDefault(name) : null;

    public IEnumerable<StoredObject> List(string? ns)
    {
        if (ns is not null)
        {
            return _byNamespace.TryGetValue(ns, out var names) ? names.Values : [];
        }

        return _byNamespace.Values.SelectMany(names => names.Values);
    }

    /// <summary>Nothing is known about changes up to this version.</summary>
    public void StartAt(long version) => Floor = version;

    public void Put(StoredObject item)
    {
        if (!_byNamespace.TryGetValue(item.Namespace, out var names))
        {
            _byNamespace[item.Namespace] = names = new SortedList<string, StoredObject>(StringComparer.Ordinal);
        }

        Count += names.ContainsKey(item.Name) ? 0 : 1;
        names[item.Name] = item;
    }

    public void Remove(StoredObject item)
    {
        var names = _byNamespace[item.Namespace];
        names.Remove(item.Name);
        Count--;
        if (names.Count == 0)
        {
            _byNamespace.Remove(item.Namespace);
        }
    }

    public void Record(Change change)
    {
        _history.Enqueue(change);
        _bytes += change.Now.Size;
        while (_history.Count > historyLimit || _bytes > historyBytes)
        {
            var oldest = _history.Dequeue();
            _bytes -= oldest.Now.Size;
            Floor = oldest.Version;
        }

        foreach (var feed in Feeds)
        {
            feed.Offer(change);
        }
    }

    public IEnumerable<Change> Since(long version) => _history.SkipWhile(change => change.Version <= version);
}
