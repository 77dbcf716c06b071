namespace Portal.Jobs.Hosting;

/// <summary>Where keys wait until they may begin: a few within a window of time, first come, first served.</summary>
/// <remarks>
/// Many that are under way at once finish none of them sooner: each change of one is a look, and they hinder each other. So while as many as may have begun a moment
/// ago and are not done, the next one waits. Only for a moment, because a slow one must not hold up the others: after that it no longer counts. Thread-safe.
/// </remarks>
/// <param name="most">How many may have begun within the window.</param>
/// <param name="begin">Called under this line's lock: it must only hand the key on.</param>
public sealed class StartLine<TKey>(Func<int> most, TimeSpan window, Action<TKey> begin, TimeProvider time) : IDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Queue<TKey> _line = new();
    private readonly HashSet<TKey> _waiting = [];
    private readonly List<(TKey Key, long At)> _begun = [];
    private ITimer? _timer;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _line.Count;
            }
        }
    }

    /// <summary>Whether something waits, or has begun within the window and is not done.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                Forget();
                return _line.Count + _begun.Count > 0;
            }
        }
    }

    public bool Contains(TKey key)
    {
        lock (_lock)
        {
            return _waiting.Contains(key);
        }
    }

    public void Ask(TKey key)
    {
        lock (_lock)
        {
            if (_begun.Exists(one => one.Key.Equals(key)))
            {
                begin(key);
            }
            else if (_waiting.Add(key))
            {
                _line.Enqueue(key);
                Advance();
            }
        }
    }

    /// <summary>It is done, or cannot go on now: it makes room.</summary>
    public void Leave(TKey key)
    {
        lock (_lock)
        {
            if (_begun.RemoveAll(one => one.Key.Equals(key)) > 0)
            {
                Advance();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _line.Clear();
            _waiting.Clear();
        }
    }

    private void Advance()
    {
        Forget();
        while (_begun.Count < most() && _line.TryDequeue(out var next))
        {
            _waiting.Remove(next);
            _begun.Add((next, time.GetTimestamp()));
            begin(next);
        }

        if (_line.Count > 0)
        {
            _timer ??= time.CreateTimer(_ => LookAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(window - time.GetElapsedTime(_begun[0].At), Timeout.InfiniteTimeSpan);
        }
    }

    private void Forget() => _begun.RemoveAll(one => time.GetElapsedTime(one.At) >= window);

    private void LookAgain()
    {
        lock (_lock)
        {
            Advance();
        }
    }
}
