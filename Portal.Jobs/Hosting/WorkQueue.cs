namespace Portal.Jobs.Hosting;

/// <summary>Keys that wait to be worked on, each at most once, and never by two workers at the same time.</summary>
/// <remarks>
/// The dirty / processing / queue triple of client-go, with two lanes: what somebody waits for goes before what is only looked at again,
/// however many of those there are; every few turns a background key goes first all the same, so that it is never starved. A key added
/// while it is processed is queued again when it is done, however often it was added. First in, first out within a lane. Thread-safe.
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private const int BackgroundTurn = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, bool> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Queue<TKey> _urgent = [];
    private readonly Queue<TKey> _background = [];
    private readonly SemaphoreSlim _ready = new(0);
    private int _turn;

    /// <summary>Keys that wait, not counting those that are processed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _dirty.Count;
            }
        }
    }

    public void Add(TKey key, bool urgent = true)
    {
        lock (_lock)
        {
            var isNew = !_dirty.TryGetValue(key, out var wasUrgent);
            _dirty[key] = urgent || wasUrgent;

            // A key that became urgent waits in both lanes; whichever is reached first takes it, and the other finds it taken.
            if ((isNew || (urgent && !wasUrgent)) && !_processing.Contains(key))
            {
                Enqueue(key, urgent);
            }
        }
    }

    /// <summary>Whether the key waits or is processed.</summary>
    public bool Contains(TKey key)
    {
        lock (_lock)
        {
            return _dirty.ContainsKey(key) || _processing.Contains(key);
        }
    }

    public async ValueTask<TKey> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            await _ready.WaitAsync(ct);
            lock (_lock)
            {
                var key = Next();
                if (!_processing.Contains(key) && _dirty.Remove(key))
                {
                    _processing.Add(key);
                    return key;
                }
            }
        }
    }

    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.TryGetValue(key, out var urgent))
            {
                Enqueue(key, urgent);
            }
        }
    }

    public void Dispose() => _ready.Dispose();

    private void Enqueue(TKey key, bool urgent)
    {
        (urgent ? _urgent : _background).Enqueue(key);
        _ready.Release();
    }

    private TKey Next()
    {
        _turn = (_turn + 1) % BackgroundTurn;
        var background = _urgent.Count == 0 || (_turn == 0 && _background.Count > 0);
        return (background ? _background : _urgent).Dequeue();
    }
}
