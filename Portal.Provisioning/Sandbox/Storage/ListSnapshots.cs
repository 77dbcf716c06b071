namespace Portal.Provisioning.Sandbox;

/// <summary>The lists that are being read page by page, as they were at their first page: later pages show that moment, whatever happened since.</summary>
/// <remarks>
/// Thread-safe. Keeps the newest few; whoever comes back for an older one is told that it is gone, as the real server does after a
/// compaction. It holds references only: an object that did not change meanwhile is not kept twice.
/// </remarks>
internal sealed class ListSnapshots
{
    private const int Limit = 64;
    private const int MostItems = 500_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, IReadOnlyList<StoredObject>> _lists = [];
    private readonly Queue<Key> _ages = new();
    private int _items;

    public void Keep(ResourceKind kind, string? ns, long version, IReadOnlyList<StoredObject> items)
    {
        lock (_gate)
        {
            var key = new Key(kind, ns, version);
            if (!_lists.TryAdd(key, items))
            {
                return;
            }

            _ages.Enqueue(key);
            _items += items.Count;
            while (_ages.Count > Limit || (_items > MostItems && _ages.Count > 1))
            {
                if (_lists.Remove(_ages.Dequeue(), out var oldest))
                {
                    _items -= oldest.Count;
                }
            }
        }
    }

    /// <summary>The list as it was; null when it is no longer known.</summary>
    public IReadOnlyList<StoredObject>? Find(ResourceKind kind, string? ns, long version)
    {
        lock (_gate)
        {
            return _lists.GetValueOrDefault(new Key(kind, ns, version));
        }
    }

    private readonly record struct Key(ResourceKind Kind, string? Namespace, long Version);
}
