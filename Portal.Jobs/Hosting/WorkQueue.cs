using System.Threading.Channels;

namespace Portal.Jobs.Hosting;

/// <summary>Keys that wait to be worked on, each at most once, and never by two workers at the same time.</summary>
/// <remarks>
/// The dirty / processing / queue triple of client-go: a key added while it is processed is queued again when it is done, however
/// often it was added. First in, first out, so that a busy key does not starve the others. Thread-safe.
/// </remarks>
public sealed class WorkQueue<TKey>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Channel<TKey> _queue = Channel.CreateUnbounded<TKey>();

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

    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (_dirty.Add(key) && !_processing.Contains(key))
            {
                _queue.Writer.TryWrite(key);
            }
        }
    }

    public async ValueTask<TKey> TakeAsync(CancellationToken ct)
    {
        var key = await _queue.Reader.ReadAsync(ct);
        lock (_lock)
        {
            _dirty.Remove(key);
            _processing.Add(key);
        }

        return key;
    }

    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key))
            {
                _queue.Writer.TryWrite(key);
            }
        }
    }
}
