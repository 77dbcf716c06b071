using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

/// <summary>Requests wait while the controllers have much to do, and never for ever.</summary>
public sealed class BacklogTests
{
    private readonly Backlog _backlog = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Wait_WithLittleToDo_IsOverAtOnce()
    {
        Grow(20);

        Assert.True(_backlog.WaitAsync(Ct).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_WithMuchToDo_IsOverWhenLittleIsLeft()
    {
        Grow(30);
        var waits = Enumerable.Range(0, 3).Select(_ => _backlog.WaitAsync(Ct)).ToList();

        Shrink(19);
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        Shrink(1);
        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Wait_WhenTheLoopEnds_IsOver()
    {
        Grow(30);
        var wait = _backlog.WaitAsync(Ct);

        _backlog.End();

        await wait.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.True(_backlog.WaitAsync(Ct).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Wait_OfAClientThatLeaves_IsCancelledAndHoldsNobodyElse()
    {
        Grow(30);
        using var leaves = new CancellationTokenSource();
        var left = _backlog.WaitAsync(leaves.Token);
        var stays = _backlog.WaitAsync(Ct);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Shrink(30);

        await stays.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Wait_OfManyWhileItGrowsAndShrinks_EndsForEach()
    {
        using var stop = new CancellationTokenSource();
        var loop = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Grow(50);
                Shrink(50);
            }
        }, Ct);

        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var request = 0; request < 20_000; request++)
            {
                await _backlog.WaitAsync(Ct);
            }
        }, Ct));
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await stop.CancelAsync();
        await loop;
    }

    private void Grow(int by)
    {
        for (var one = 0; one < by; one++)
        {
            _backlog.Grow();
        }
    }

    private void Shrink(int by)
    {
        for (var one = 0; one < by; one++)
        {
            _backlog.Shrink();
        }
    }
}
