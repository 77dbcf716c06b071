using Portal.Testing;

namespace Portal.Core.Tests.Testing;

public sealed class TestClockTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task Delay_UntilTheClockReachesIt_DoesNotEnd()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), _clock, TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        Assert.Equal(1, _clock.WaitingTimers);

        _clock.Advance(TimeSpan.FromTicks(1));
        await delay;
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public void PeriodicTimer_AdvancedOverSeveralPeriods_FiresAtEachOfItsTimes()
    {
        var start = _clock.GetUtcNow();
        var fired = new List<TimeSpan>();
        using var timer = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

        _clock.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(21)], fired);
        Assert.Equal(start.AddSeconds(25), _clock.GetUtcNow());
    }

    [Fact]
    public void TwoTimers_AdvancedPastBoth_FireInTheOrderOfTheirTimes()
    {
        var fired = new List<string>();
        using var late = _clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var early = _clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["early", "late"], fired);
    }

    [Fact]
    public void Timer_Disposed_NeverFires()
    {
        var fired = false;
        var timer = _clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        timer.Dispose();
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.False(fired);
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Timer_DueAtOnce_FiresWithoutAdvance()
    {
        var fired = new TaskCompletionSource();
        using var timer = _clock.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void CancellationTokenSource_WithTheClock_CancelsAtItsTime()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(source.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(source.IsCancellationRequested);
    }
}
