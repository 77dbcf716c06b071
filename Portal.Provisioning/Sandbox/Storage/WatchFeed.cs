using System.Threading.Channels;

namespace Portal.Provisioning.Sandbox;

/// <summary>The changes of one kind for one reader, in order; a reader that falls too far behind is cut off and must list again.</summary>
internal sealed class WatchFeed(string? ns, int limit)
{
    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(
        new BoundedChannelOptions(limit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<Change> Changes => _changes.Reader;

    /// <summary>Called under the store's gate, so that order is the order of commits.</summary>
    public void Offer(Change change)
    {
        if ((ns is null || change.Key.Namespace == ns) && !_changes.Writer.TryWrite(change))
        {
            _changes.Writer.TryComplete();
        }
    }

    /// <summary>Ends the feed; the reader sees what was offered before and then the end.</summary>
    public void End() => _changes.Writer.TryComplete();
}
