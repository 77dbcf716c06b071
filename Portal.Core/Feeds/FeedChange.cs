namespace Portal.Core.Feeds;

/// <summary>What a reader of a <see cref="Feed{TKey,TRow}"/> is told: a row is new or different, a row is gone, or start over with these rows.</summary>
public abstract record FeedChange<TKey, TRow>
{
    private FeedChange()
    {
    }

    /// <summary>Always the whole row, so that a repeated one is harmless.</summary>
    public sealed record Upsert(TRow Row) : FeedChange<TKey, TRow>;

    /// <summary>The key may be one that the reader never had.</summary>
    public sealed record Delete(TKey Key) : FeedChange<TKey, TRow>;

    /// <summary>Forget everything: these are the rows now. Sent to a reader that fell behind.</summary>
    public sealed record Reset(IReadOnlyList<TRow> Rows) : FeedChange<TKey, TRow>;
}
