using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Core.Feeds;

/// <summary>One reader of a feed: the rows at the moment of subscribing, and all changes since, in order. One thread reads it; dispose to leave.</summary>
public sealed class FeedSubscription<TKey, TRow> : IDisposable
    where TKey : notnull
    where TRow : class, IFeedRow<TKey>
{
    private readonly Feed<TKey, TRow> _feed;

    // One token is enough: the reader takes everything that waits.
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private List<FeedChange<TKey, TRow>> _queue = [];

    internal FeedSubscription(Feed<TKey, TRow> feed, string? scope, IReadOnlyList<TRow> snapshot)
    {
        _feed = feed;
        Scope = scope;
        Snapshot = snapshot;
    }

    public IReadOnlyList<TRow> Snapshot { get; }

    internal string? Scope { get; }

    internal bool FellBehind { get; set; }

    /// <summary>Batches of changes as they come, never empty; ends when the subscription is disposed.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FeedChange<TKey, TRow>>> ChangesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await _bell.Reader.WaitToReadAsync(ct))
        {
            // The bell is cleared before the queue is taken, so that a change in between rings it again.
            _bell.Reader.TryRead(out _);
            var batch = _feed.TakePending(this);
            if (batch.Count > 0)
            {
                yield return batch;
            }
        }
    }

    public void Dispose()
    {
        _feed.Leave(this);
        _bell.Writer.TryComplete();
    }

    /// <summary>Called under the feed's lock.</summary>
    /// <returns>False when this change made the reader fall behind.</returns>
    internal bool Enqueue(FeedChange<TKey, TRow> change, int capacity)
    {
        if (FellBehind)
        {
            return true;
        }

        _bell.Writer.TryWrite(true);
        if (_queue.Count < capacity)
        {
            _queue.Add(change);
            return true;
        }

        _queue.Clear();
        FellBehind = true;
        return false;
    }

    /// <summary>Called under the feed's lock.</summary>
    internal List<FeedChange<TKey, TRow>> TakeQueue()
    {
        var taken = _queue;
        _queue = [];
        return taken;
    }
}
