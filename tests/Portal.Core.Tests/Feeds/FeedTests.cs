using Portal.Core.Feeds;

namespace Portal.Core.Tests.Feeds;

public class FeedTests
{
    private readonly Feed<string, Row> _feed = new(readerCapacity: 8);

    [Fact]
    public async Task Subscribe_ThenChange_HasTheSnapshotAndTheChange()
    {
        _feed.Upsert(new Row("a", "shop", 1));
        using var reader = _feed.Subscribe(null);
        _feed.Upsert(new Row("b", "shop", 1));
        _feed.Delete("a");

        Assert.Equal("a", Assert.Single(reader.Snapshot).Key);
        var batch = await FirstAsync(reader);
        Assert.Equal("b", Assert.IsType<FeedChange<string, Row>.Upsert>(batch[0]).Row.Key);
        Assert.Equal("a", Assert.IsType<FeedChange<string, Row>.Delete>(batch[1]).Key);
    }

    [Fact]
    public void Upsert_SameOrOlderVersion_IsIgnored()
    {
        Assert.True(_feed.Upsert(new Row("a", "shop", 2)));
        Assert.False(_feed.Upsert(new Row("a", "shop", 2)));
        Assert.False(_feed.Upsert(new Row("a", "shop", 1)));

        Assert.Equal(2, _feed.Find("a")?.Version);
    }

    [Fact]
    public async Task Subscribe_ToOneScope_HearsNothingOfOthers()
    {
        _feed.Upsert(new Row("x", "other", 1));
        using var reader = _feed.Subscribe("shop");
        _feed.Upsert(new Row("y", "other", 1));
        _feed.Upsert(new Row("a", "shop", 1));
        _feed.Delete("x");

        Assert.Empty(reader.Snapshot);
        Assert.Equal("a", Assert.IsType<FeedChange<string, Row>.Upsert>(Assert.Single(await FirstAsync(reader))).Row.Key);
        Assert.False(_feed.HasScope("gone"));
    }

    [Fact]
    public async Task Reader_ThatFallsBehind_GetsOneResetWithTheRowsOfNowAndIsCountedOnce()
    {
        using var slow = _feed.Subscribe("shop");
        for (var version = 1; version <= 30; version++)
        {
            _feed.Upsert(new Row("a", "shop", version));
        }

        var reset = Assert.IsType<FeedChange<string, Row>.Reset>(Assert.Single(await FirstAsync(slow)));
        _feed.Upsert(new Row("a", "shop", 31));

        Assert.Equal(30, Assert.Single(reset.Rows).Version);
        Assert.Equal(1, _feed.Resets);
        Assert.Equal(31, Assert.IsType<FeedChange<string, Row>.Upsert>(Assert.Single(await FirstAsync(slow))).Row.Version);
    }

    [Fact]
    public async Task Dispose_Reader_EndsItsChangesAndLeavesTheFeed()
    {
        var reader = _feed.Subscribe("shop");
        var ended = reader.ChangesAsync(TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken).AsTask();

        reader.Dispose();

        Assert.Equal(0, await ended.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
        Assert.Equal(0, _feed.Readers);
    }

    // Readers of every speed must end with the rows of the feed, whatever the interleaving.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Readers_UnderRandomWrites_EndWithTheRowsOfTheFeed(int seed)
    {
        var random = new Random(seed);
        using var stop = new CancellationTokenSource();
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var readers = Enumerable.Range(0, 6).Select(i => Model.Follow(_feed, i % 2 == 0 ? null : "s1", i, Task.CompletedTask, stop.Token)).ToList();

        // However fast the machine is, these two sleep through everything and fall behind.
        readers.Add(Model.Follow(_feed, null, 0, written.Task, stop.Token));
        readers.Add(Model.Follow(_feed, "s1", 0, written.Task, stop.Token));
        for (var version = 1; version <= 5000; version++)
        {
            var key = random.Next(20);
            if (random.Next(4) == 0)
            {
                _feed.Delete($"k{key}");
            }
            else
            {
                _feed.Upsert(new Row($"k{key}", $"s{key % 3}", version));
            }

            if (version % 100 == 0)
            {
                await Task.Yield();
            }
        }

        written.SetResult();
        foreach (var reader in readers)
        {
            await Portal.Testing.Eventually.Holds(() => reader.Equals(_feed), "the reader holds the rows of the feed");
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers.Select(r => r.Ended));
        Assert.Equal(0, _feed.Readers);
        Assert.True(_feed.Resets >= 2, "those who slept did not fall behind, so the run proved too little");
    }

    private static async Task<IReadOnlyList<FeedChange<string, Row>>> FirstAsync(FeedSubscription<string, Row> reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        return await reader.ChangesAsync(patience.Token).FirstAsync(patience.Token);
    }

    private sealed record Row(string Key, string Scope, long Version) : IFeedRow<string>;

    /// <summary>A reader that applies what it hears, as a page does.</summary>
    private sealed class Model(string? scope)
    {
        private readonly Dictionary<string, Row> _rows = [];

        public Task Ended { get; private set; } = Task.CompletedTask;

        public static Model Follow(Feed<string, Row> feed, string? scope, int slowness, Task awake, CancellationToken ct)
        {
            var model = new Model(scope);
            var reader = feed.Subscribe(scope);
            model.Ended = Task.Run(() => model.RunAsync(reader, slowness, awake, ct), CancellationToken.None);
            return model;
        }

        public bool Equals(Feed<string, Row> feed)
        {
            lock (_rows)
            {
                return _rows.Values.ToHashSet().SetEquals(feed.Rows(scope));
            }
        }

        private async Task RunAsync(FeedSubscription<string, Row> reader, int slowness, Task awake, CancellationToken ct)
        {
            using var _ = reader;
            await awake;
            Apply(new FeedChange<string, Row>.Reset(reader.Snapshot));
            try
            {
                await foreach (var batch in reader.ChangesAsync(ct))
                {
                    foreach (var change in batch)
                    {
                        Apply(change);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(slowness), TimeProvider.System, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }

        private void Apply(FeedChange<string, Row> change)
        {
            lock (_rows)
            {
                switch (change)
                {
                    case FeedChange<string, Row>.Upsert upsert:
                        _rows[upsert.Row.Key] = upsert.Row;
                        break;
                    case FeedChange<string, Row>.Delete delete:
                        _rows.Remove(delete.Key);
                        break;
                    case FeedChange<string, Row>.Reset reset:
                        _rows.Clear();
                        reset.Rows.ToList().ForEach(r => _rows[r.Key] = r);
                        break;
                }
            }
        }
    }
}
