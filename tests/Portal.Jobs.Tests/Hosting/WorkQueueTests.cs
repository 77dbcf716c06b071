using Portal.Jobs.Hosting;

namespace Portal.Jobs.Tests.Hosting;

public sealed class WorkQueueTests : IDisposable
{
    private readonly WorkQueue<string> _queue = new();

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Take_AskedKeyBehindManyInTheBackground_GoesFirst()
    {
        for (var key = 0; key < 300; key++)
        {
            _queue.Add($"settled-{key}", WorkLane.Background);
        }

        _queue.Add("new", WorkLane.Asked);

        Assert.Equal("new", await TakeAsync());
        Assert.Equal("settled-0", await TakeAsync());
    }

    [Fact]
    public async Task Take_AskedKeysWithoutEnd_LetsTheBackgroundThroughNowAndThen()
    {
        _queue.Add("settled", WorkLane.Background);
        var taken = new List<string>();
        for (var key = 0; key < 50; key++)
        {
            _queue.Add($"busy-{key}", WorkLane.Asked);
        }

        for (var turn = 0; turn < 40; turn++)
        {
            taken.Add(await TakeAsync());
        }

        Assert.Contains("settled", taken);
    }

    [Fact]
    public async Task Take_WhatWasBegun_GoesOnBeforeAnythingNewBegins()
    {
        _queue.Add("new-1", WorkLane.Asked);
        _queue.Add("new-2", WorkLane.Asked);
        Assert.Equal("new-1", await TakeAsync());
        _queue.Add("new-1", WorkLane.UnderWay);
        _queue.Done("new-1");

        Assert.Equal("new-1", await TakeAsync());
    }

    [Fact]
    public async Task Take_ManyUnderWayWithoutEnd_LetsANewOneBeginNowAndThen()
    {
        _queue.Add("new", WorkLane.Asked);
        var taken = new List<string>();
        for (var key = 0; key < 40; key++)
        {
            _queue.Add($"busy-{key}", WorkLane.UnderWay);
        }

        for (var turn = 0; turn < 20; turn++)
        {
            taken.Add(await TakeAsync());
        }

        Assert.Contains("new", taken);
    }

    [Fact]
    public async Task Add_KeyOfTheBackgroundAgainAsAsked_IsTakenOnceAndFirst()
    {
        _queue.Add("first", WorkLane.Background);
        _queue.Add("shop", WorkLane.Background);
        _queue.Add("shop", WorkLane.Asked);

        Assert.Equal(["shop", "first"], [await TakeAsync(), await TakeAsync()]);
        _queue.Done("shop");
        _queue.Done("first");
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task Add_SameKeyTwice_IsTakenOnce()
    {
        _queue.Add("shop", WorkLane.Asked);
        _queue.Add("shop", WorkLane.Asked);

        Assert.Equal("shop", await TakeAsync());
        _queue.Done("shop");
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task Add_WhileTheKeyIsProcessed_QueuesItAgainOnlyWhenDone()
    {
        _queue.Add("shop", WorkLane.Asked);
        await TakeAsync();

        _queue.Add("shop", WorkLane.Asked);
        _queue.Add("shop", WorkLane.Asked);
        await AssertEmptyAsync();
        _queue.Done("shop");

        Assert.Equal("shop", await TakeAsync());
        _queue.Done("shop");
        await AssertEmptyAsync();
    }

    [Fact]
    public async Task Take_SeveralKeys_KeepsTheirOrder()
    {
        _queue.Add("a", WorkLane.Asked);
        _queue.Add("b", WorkLane.Asked);
        _queue.Add("c", WorkLane.Asked);

        Assert.Equal(["a", "b", "c"], [await TakeAsync(), await TakeAsync(), await TakeAsync()]);
    }

    [Fact]
    public async Task Take_FromEmptyQueue_WaitsForTheNextAdd()
    {
        var waiting = TakeAsync();
        Assert.False(waiting.IsCompleted);

        _queue.Add("late", WorkLane.Asked);

        Assert.Equal("late", await waiting);
    }

    /// <summary>Against a simple model: what was added after its last take is taken again, and never while it is processed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyInterleaving_LosesNothingAndNeverProcessesOneKeyTwiceAtOnce(int seed)
    {
        var random = new Random(seed);
        var processing = new List<int>();
        var owed = new HashSet<int>();
        using var queue = new WorkQueue<int>();
        for (var step = 0; step < 5_000; step++)
        {
            switch (random.Next(3))
            {
                case 0:
                    var added = random.Next(10);
                    owed.Add(added);
                    queue.Add(added, (WorkLane)random.Next(3));
                    break;
                case 1 when owed.Except(processing).Any():
                    var taken = await queue.TakeAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
                    Assert.DoesNotContain(taken, processing);
                    Assert.True(owed.Remove(taken));
                    processing.Add(taken);
                    break;
                case 2 when processing.Count > 0:
                    var done = processing[random.Next(processing.Count)];
                    processing.Remove(done);
                    queue.Done(done);
                    break;
            }

            Assert.Equal(owed.Count, queue.Count);
        }
    }

    private Task<string> TakeAsync() => _queue.TakeAsync(CancellationToken.None).AsTask();

    private async Task AssertEmptyAsync()
    {
        using var stop = new CancellationTokenSource();
        var take = _queue.TakeAsync(stop.Token).AsTask();
        Assert.False(take.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => take);
    }
}
