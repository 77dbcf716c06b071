namespace Portal.Web.Live;

/// <summary>One tick per second for what shows relative times on a page. One per circuit; runs only while somebody listens.</summary>
public sealed class PageClock(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Action> _listeners = [];
    private ITimer? _timer;

    public DateTimeOffset Now => time.GetUtcNow();

    public int ListenerCount
    {
        get
        {
            lock (_lock)
            {
                return _listeners.Count;
            }
        }
    }

    /// <remarks>The listener is called on a timer thread: dispatch before rendering.</remarks>
    public IDisposable Listen(Action listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
            _timer ??= time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }

        return new Subscription(this, listener);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _listeners.Clear();
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        Action[] listeners;
        lock (_lock)
        {
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners)
        {
            listener();
        }
    }

    private sealed class Subscription(PageClock clock, Action listener) : IDisposable
    {
        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._listeners.Remove(listener);
                if (clock._listeners.Count == 0)
                {
                    clock._timer?.Dispose();
                    clock._timer = null;
                }
            }
        }
    }
}
