using System.Collections.Concurrent;
using Portal.Core.Environments;

namespace Portal.Core.Feeds;

/// <summary>Tells open pages that an environment or a request about it changed, so that they read it again.</summary>
/// <remarks>
/// Carries no data: a page that missed ten changes and one that missed none do the same thing next. Listeners are called on the
/// publisher's thread and must only note the hint and return.
/// </remarks>
public sealed class ChangeSignal
{
    private readonly ConcurrentDictionary<long, Action<EnvironmentId>> _listeners = new();
    private long _next;

    public int ListenerCount => _listeners.Count;

    public void Publish(EnvironmentId id)
    {
        foreach (var listener in _listeners.Values)
        {
            listener(id);
        }
    }

    public IDisposable Listen(Action<EnvironmentId> listener)
    {
        var key = Interlocked.Increment(ref _next);
        _listeners[key] = listener;
        return new Subscription(this, key);
    }

    private sealed class Subscription(ChangeSignal signal, long key) : IDisposable
    {
        public void Dispose() => signal._listeners.TryRemove(key, out _);
    }
}
