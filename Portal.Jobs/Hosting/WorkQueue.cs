namespace Portal.Jobs.Hosting;

/// <summary>Keys that wait to be worked on, each at most once, and never by two workers at the same time.</summary>
/// <remarks>
/// The dirty / processing / queue triple of client-go, with lanes: what was begun goes on before anything new begins, so that of many who wait the first are
/// served early and not all at the end; and both go before what is only looked at again. Every few turns another lane goes first all the same, so that none is
/// starved. A key added while it is processed is queued again when it is done, however often it was added. First in, first out within a lane. Thread-safe.
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // A look at what was settled reads all of it: while many wait for theirs, it is seldom enough to cost them little.
    private const int BackgroundTurn = 32;

    // Much rarer than a key that was begun needs turns until it is finished, on a slow day too: else ever more would be under way, each of them ever slower.
    private const int AskedTurn = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, WorkLane> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Queue<TKey>[] _lanes = [[], [], []];
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

    public void Add(TKey key, WorkLane lane)
    {
        lock (_lock)
        {
            var sooner = !_dirty.TryGetValue(key, out var present) || lane < present;
            if (!sooner)
            {
                return;
            }

            // A key that moved up waits in two lanes; whichever is reached first takes it, and the other finds it taken.
            _dirty[key] = lane;
            if (!_processing.Contains(key))
            {
                Enqueue(key, lane);
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
            if (_dirty.TryGetValue(key, out var lane))
            {
                Enqueue(key, lane);
            }
        }
    }

    public void Dispose() => _ready.Dispose();

    private void Enqueue(TKey key, WorkLane lane)
    {
        _lanes[(int)lane].Enqueue(key);
        _ready.Release();
    }

    private TKey Next()
    {
        _turn = (_turn + 1) % AskedTurn;
        return Waiting(_turn % BackgroundTurn == 0 ? WorkLane.Background : _turn == 1 ? WorkLane.Asked : WorkLane.UnderWay).Dequeue();
    }

    private Queue<TKey> Waiting(WorkLane first) => _lanes[(int)first] is { Count: > 0 } turn ? turn : _lanes.First(lane => lane.Count > 0);
}
