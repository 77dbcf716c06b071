using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Testing;

namespace Portal.Core.Tests.Feeds;

public sealed class ChangeSignalTests
{
    private static readonly EnvironmentId s_id = EnvironmentId.New(new TestClock());
    private readonly ChangeSignal _signal = new();

    [Fact]
    public void Publish_SeveralListeners_AllHearTheId()
    {
        var heard = new List<(string, EnvironmentId)>();
        using var first = _signal.Listen(id => heard.Add(("first", id)));
        using var second = _signal.Listen(id => heard.Add(("second", id)));

        _signal.Publish(s_id);

        Assert.Equal([("first", s_id), ("second", s_id)], heard.Order());
    }

    [Fact]
    public void Dispose_OnceOrTwice_LeavesOnlyTheOtherListener()
    {
        var heard = 0;
        var gone = _signal.Listen(_ => heard += 100);
        using var stays = _signal.Listen(_ => heard++);
        Assert.Equal(2, _signal.ListenerCount);

        gone.Dispose();
        gone.Dispose();
        _signal.Publish(s_id);

        Assert.Equal(1, _signal.ListenerCount);
        Assert.Equal(1, heard);
    }

    [Fact]
    public void Dispose_WhileBeingCalled_DoesNotDisturbOthers()
    {
        var heard = 0;
        IDisposable? self = null;
        self = _signal.Listen(_ => self!.Dispose());
        using var other = _signal.Listen(_ => heard++);

        _signal.Publish(s_id);
        _signal.Publish(s_id);

        Assert.Equal(2, heard);
        Assert.Equal(1, _signal.ListenerCount);
    }

    [Fact]
    public async Task Listen_FromManyThreads_CountsEachOnceAndForgetsAll()
    {
        var subscriptions = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _signal.Listen(_ => { }))));
        Assert.Equal(200, _signal.ListenerCount);

        Parallel.ForEach(subscriptions, subscription => subscription.Dispose());

        Assert.Equal(0, _signal.ListenerCount);
    }
}
