namespace Portal.Core.Feeds;

/// <summary>The current rows of one kind, and every change of them to whoever subscribed.</summary>
/// <remarks>
/// Thread-safe. Taking the snapshot and joining the readers happen under one lock, so a reader misses nothing and sees changes in
/// order. Writers never wait for readers: a reader's queue is bounded, and when it is full it is dropped for one Reset with the
/// rows of that moment, which is counted. A reader of one scope costs the writers of other scopes nothing.
/// </remarks>
public sealed class Feed<TKey, TRow>(int readerCapacity = Feed<TKey, TRow>.DefaultCapacity)
    where TKey : notnull
    where TRow : class, IFeedRow<TKey>
{
    public const int DefaultCapacity = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TRow> _rows = [];
    private readonly Dictionary<string, HashSet<TKey>> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FeedSubscription<TKey, TRow>>> _scopeReaders = new(StringComparer.Ordinal);
    private readonly List<FeedSubscription<TKey, TRow>> _allReaders = [];
    private long _resets;

    /// <summary>How often a reader fell behind since the start.</summary>
    public long Resets => Interlocked.Read(ref _resets);

    public int Readers
    {
        get
        {
            lock (_lock)
            {
                return _allReaders.Count + _scopeReaders.Values.Sum(r => r.Count);
            }
        }
    }

    public TRow? Find(TKey key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault(key);
        }
    }

    public bool HasScope(string scope)
    {
        lock (_lock)
        {
            return _scopes.ContainsKey(scope);
        }
    }

    /// <summary>How many rows a scope has.</summary>
    public int CountOf(string scope)
    {
        lock (_lock)
        {
            return _scopes.TryGetValue(scope, out var keys) ? keys.Count : 0;
        }
    }

    /// <summary>The rows now: of one scope, or all when it is null. No order is promised.</summary>
    public IReadOnlyList<TRow> Rows(string? scope)
    {
        lock (_lock)
        {
            return Snapshot(scope);
        }
    }

    /// <summary>The rows now and their changes from now on: of one scope, or all when it is null. Dispose it to leave.</summary>
    public FeedSubscription<TKey, TRow> Subscribe(string? scope)
    {
        lock (_lock)
        {
            var reader = new FeedSubscription<TKey, TRow>(this, scope, Snapshot(scope));
            Joined(scope).Add(reader);
            return reader;
        }
    }

    /// <summary>Puts a row in unless the feed has it at the same or a later version.</summary>
    /// <returns>Whether it was news.</returns>
    public bool Upsert(TRow row)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(row.Key, out var held) && held.Version >= row.Version)
            {
                return false;
            }

            Put(row);
            return true;
        }
    }

    /// <summary>Takes a row out; a key that is not there is fine.</summary>
    public bool Delete(TKey key)
    {
        lock (_lock)
        {
            return Take(key);
        }
    }

    internal List<FeedChange<TKey, TRow>> TakePending(FeedSubscription<TKey, TRow> reader)
    {
        lock (_lock)
        {
            if (!reader.FellBehind)
            {
                return reader.TakeQueue();
            }

            reader.FellBehind = false;
            return [new FeedChange<TKey, TRow>.Reset(Snapshot(reader.Scope))];
        }
    }

    internal void Leave(FeedSubscription<TKey, TRow> reader)
    {
        lock (_lock)
        {
            var readers = Joined(reader.Scope);
            readers.Remove(reader);
            if (reader.Scope is not null && readers.Count == 0)
            {
                _scopeReaders.Remove(reader.Scope);
            }
        }
    }

    private void Put(TRow row)
    {
        _rows[row.Key] = row;
        if (!_scopes.TryGetValue(row.Scope, out var keys))
        {
            _scopes[row.Scope] = keys = [];
        }

        keys.Add(row.Key);
        Tell(row.Scope, new FeedChange<TKey, TRow>.Upsert(row));
    }

    private bool Take(TKey key)
    {
        if (!_rows.Remove(key, out var row))
        {
            return false;
        }

        var keys = _scopes[row.Scope];
        keys.Remove(key);
        if (keys.Count == 0)
        {
            _scopes.Remove(row.Scope);
        }

        Tell(row.Scope, new FeedChange<TKey, TRow>.Delete(key));
        return true;
    }

    private void Tell(string scope, FeedChange<TKey, TRow> change)
    {
        foreach (var reader in _scopeReaders.TryGetValue(scope, out var scoped) ? _allReaders.Concat(scoped) : _allReaders)
        {
            if (!reader.Enqueue(change, readerCapacity))
            {
                Interlocked.Increment(ref _resets);
            }
        }
    }

    private List<FeedSubscription<TKey, TRow>> Joined(string? scope)
    {
        if (scope is null)
        {
            return _allReaders;
        }

        if (!_scopeReaders.TryGetValue(scope, out var readers))
        {
            _scopeReaders[scope] = readers = [];
        }

        return readers;
    }

    private List<TRow> Snapshot(string? scope) => scope is null ? [.. _rows.Values]
        : _scopes.TryGetValue(scope, out var keys) ? [.. keys.Select(k => _rows[k])] : [];
}
