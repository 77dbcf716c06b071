using Portal.Core.Environments;
using Portal.Jobs.Hosting;
using Portal.Testing;

namespace Portal.Jobs.Tests.Hosting;

public sealed class ReconcileQueueTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly ReconcileQueue _queue;
    private readonly EnvironmentId _shop = new(Guid.NewGuid());

    public ReconcileQueueTests() => _queue = new(_clock);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void WakeAfter_BeforeItsTime_QueuesNothing()
    {
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _queue.Waiting);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void WakeAfter_LaterThanPlanned_KeepsTheEarlierWake()
    {
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(1));
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(60));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void WakeAfter_EarlierThanPlanned_WakesEarlier()
    {
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(60));
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void WakeAfter_NoDelay_QueuesAtOnce()
    {
        _queue.WakeAfter(_shop, TimeSpan.Zero);

        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public void Ensure_WithALookPlanned_QueuesNothing()
    {
        _queue.WakeSettledAfter(_shop, TimeSpan.FromMinutes(1));

        _queue.Ensure(_shop);

        Assert.Equal((0, 1), (_queue.Waiting, _queue.Planned));
    }

    [Fact]
    public async Task Ensure_UnknownOnce_QueuesItAndWhileItIsWorkedOnNotAgain()
    {
        _queue.Ensure(_shop);
        _queue.Ensure(_shop);
        Assert.Equal(1, _queue.Waiting);

        await _queue.TakeAsync(CancellationToken.None);
        _queue.Ensure(_shop);
        Assert.Equal(0, _queue.Waiting);
    }

    [Fact]
    public async Task WakeSoon_WithManyUnderWay_WaitsForWhatElseChangesInTheNextMoment()
    {
        for (var other = 0; other < 100; other++)
        {
            _queue.WakeAfter(new(Guid.NewGuid()), TimeSpan.FromMinutes(1));
        }

        _queue.WakeAfter(_shop, TimeSpan.FromMinutes(1));
        _queue.WakeSoon(_shop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _queue.Waiting);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_shop, await _queue.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WakeSoon_DuringTheFirstLook_LooksAgainAtOnce()
    {
        _queue.Wake(_shop);
        await _queue.TakeAsync(CancellationToken.None);
        _queue.WakeSoon(_shop);
        _queue.WakeAfter(_shop, TimeSpan.FromSeconds(5));
        _queue.Done(_shop);

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(1, _queue.Waiting);
    }

    [Fact]
    public async Task Wake_OfVeryMany_BeginsAFewAndTheOthersAsThoseAreDone()
    {
        var all = Enumerable.Range(0, 60).Select(_ => new EnvironmentId(Guid.NewGuid())).ToList();
        all.ForEach(_queue.Wake);
        Assert.Equal(60, _queue.Waiting);
        var begun = new List<EnvironmentId>();
        for (var count = 0; count < 24; count++)
        {
            begun.Add(await _queue.TakeAsync(CancellationToken.None));
        }

        var next = _queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        _queue.WakeSettledAfter(begun[0], TimeSpan.FromMinutes(1));
        Assert.Equal(all[24], await next);
        _queue.RetryAfter(begun[1], TimeSpan.FromMinutes(1));
        Assert.Equal(all[25], await _queue.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WakeInBackground_OfManyAtOnce_BeginsFourASecond()
    {
        for (var settled = 0; settled < 10; settled++)
        {
            _queue.WakeInBackground(new(Guid.NewGuid()));
        }

        Assert.Equal((10, 4), (_queue.Waiting, await TakeAllAsync()));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, await TakeAllAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 0), (await TakeAllAsync(), _queue.Waiting));
    }

    [Fact]
    public async Task WakeSoon_AfterASettledLook_WaitsBehindWhatSomebodyAskedFor()
    {
        await UseUpTheTurnOfAskedAsync();
        _queue.WakeSettledAfter(_shop, TimeSpan.FromMinutes(1));
        _queue.WakeSoon(_shop);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var asked = new EnvironmentId(Guid.NewGuid());
        _queue.Wake(asked);

        Assert.Equal([asked, _shop], [await _queue.TakeAsync(CancellationToken.None), await _queue.TakeAsync(CancellationToken.None)]);
    }

    [Fact]
    public async Task WakeSoon_AfterALookThatLeftSomethingToDo_GoesFirst()
    {
        await UseUpTheTurnOfAskedAsync();
        _queue.WakeAfter(_shop, TimeSpan.FromMinutes(1));
        _queue.WakeSoon(_shop);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var asked = new EnvironmentId(Guid.NewGuid());
        _queue.Wake(asked);

        Assert.Equal([_shop, asked], [await _queue.TakeAsync(CancellationToken.None), await _queue.TakeAsync(CancellationToken.None)]);
    }

    [Fact]
    public async Task WakeSoon_WhileTheLookThatSettlesItIsUnderWay_WaitsBehindWhatSomebodyAskedFor()
    {
        await UseUpTheTurnOfAskedAsync();
        _queue.Wake(_shop);
        await _queue.TakeAsync(CancellationToken.None);
        _queue.WakeSoon(_shop);
        _queue.WakeSettledAfter(_shop, TimeSpan.FromMinutes(1));
        _queue.Done(_shop);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var asked = new EnvironmentId(Guid.NewGuid());
        _queue.Wake(asked);

        Assert.Equal([asked, _shop], [await _queue.TakeAsync(CancellationToken.None), await _queue.TakeAsync(CancellationToken.None)]);
    }

    [Fact]
    public async Task WakeInBackground_WhileSomethingBegins_BeginsOneASecondAndHintsDoNotWaitForThem()
    {
        _queue.Wake(new(Guid.NewGuid()));
        for (var settled = 0; settled < 10; settled++)
        {
            _queue.WakeInBackground(new(Guid.NewGuid()));
        }

        Assert.Equal(2, await TakeAllAsync());
        _queue.WakeSettledAfter(_shop, TimeSpan.FromMinutes(1));
        _queue.WakeSoon(_shop);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await TakeAllAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await TakeAllAsync());
    }

    private async Task<int> TakeAllAsync()
    {
        using var none = new CancellationTokenSource();
        for (var count = 0; ; count++)
        {
            var next = _queue.TakeAsync(none.Token).AsTask();
            if (!next.IsCompleted)
            {
                await none.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
                return count;
            }

            _queue.Done(await next);
        }
    }

    // The first turn of a queue belongs to what was asked for, whatever else waits.
    private async Task UseUpTheTurnOfAskedAsync()
    {
        var first = new EnvironmentId(Guid.NewGuid());
        _queue.Wake(first);
        _queue.Done(await _queue.TakeAsync(CancellationToken.None));
        _queue.Forget(first);
    }
}
