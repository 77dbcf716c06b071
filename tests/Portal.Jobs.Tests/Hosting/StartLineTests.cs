using Portal.Jobs.Hosting;
using Portal.Testing;

namespace Portal.Jobs.Tests.Hosting;

public sealed class StartLineTests : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(15);

    private readonly TestClock _clock = new();
    private readonly List<string> _begun = [];
    private readonly StartLine<string> _line;

    public StartLineTests() => _line = new(() => 2, s_window, _begun.Add, _clock);

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Ask_AsManyAsMay_BeginAtOnceAndTheNextOneWaits()
    {
        Ask("a", "b", "c");

        Assert.Equal(["a", "b"], _begun);
        Assert.Equal((1, true, false), (_line.Count, _line.Contains("c"), _line.Contains("a")));
    }

    [Fact]
    public void Leave_OfOneThatBegan_LetsTheNextOneBeginInTheOrderOfAsking()
    {
        Ask("a", "b", "c", "d");

        _line.Leave("b");

        Assert.Equal(["a", "b", "c"], _begun);
        _line.Leave("a");
        Assert.Equal(["a", "b", "c", "d"], _begun);
    }

    [Fact]
    public void Leave_OfOneThatNeverBegan_LetsNobodyBegin()
    {
        Ask("a", "b", "c");

        _line.Leave("x");

        Assert.Equal(["a", "b"], _begun);
    }

    [Fact]
    public void Wait_ForSlowOnes_EndsWithTheWindow()
    {
        Ask("slow-1", "slow-2", "c", "d", "e");

        _clock.Advance(s_window - TimeSpan.FromSeconds(1));
        Assert.Equal(2, _begun.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["slow-1", "slow-2", "c", "d"], _begun);
        _clock.Advance(s_window);
        Assert.Equal(["slow-1", "slow-2", "c", "d", "e"], _begun);
    }

    [Fact]
    public void Ask_AgainWhileItWaits_BeginsOnce()
    {
        Ask("a", "b", "c", "c");
        _line.Leave("a");
        _line.Leave("b");

        Assert.Equal(["a", "b", "c"], _begun);
    }

    [Fact]
    public void Ask_AgainAfterItBegan_GoesStraightOn()
    {
        Ask("a", "b", "c");

        Ask("a");

        Assert.Equal(["a", "b", "a"], _begun);
    }

    [Fact]
    public void IsBusy_FromTheFirstThatAsksToTheLastThatIsDone()
    {
        Assert.False(_line.IsBusy);
        Ask("a", "b");
        _line.Leave("a");
        Assert.True(_line.IsBusy);

        _line.Leave("b");
        Assert.False(_line.IsBusy);
        Ask("slow");
        _clock.Advance(s_window);
        Assert.False(_line.IsBusy);
    }

    private void Ask(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _line.Ask(key);
        }
    }
}
