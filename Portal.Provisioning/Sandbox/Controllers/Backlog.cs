namespace Portal.Provisioning.Sandbox;

/// <summary>What the controllers have still to do. While it is much, requests wait, as priority and fairness lets them wait in the real server.</summary>
/// <remarks>
/// The controllers are one loop beside many clients. Without this those take the processor from it, look again and again at what has not moved, and are
/// then all idle together until it has caught up. Thread-safe.
/// </remarks>
internal sealed class Backlog
{
    // Some milliseconds of the loop's time.
    private const int Much = 20;
    private const int Little = 10;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private int _count;
    private bool _ended;

    public void Grow() => Interlocked.Increment(ref _count);

    public void Shrink()
    {
        if (Interlocked.Decrement(ref _count) == Little)
        {
            Release();
        }
    }

    /// <summary>The loop has ended: nobody waits for it any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }

        Release();
    }

    /// <summary>Completes at once, or when little is left of what was much.</summary>
    public Task WaitAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _count) <= Much)
        {
            return Task.CompletedTask;
        }

        lock (_lock)
        {
            // Whoever brings it down to little comes for this lock afterwards, so none is left waiting.
            return _ended || Volatile.Read(ref _count) <= Little ? Task.CompletedTask : (_waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _waiting?.SetResult();
            _waiting = null;
        }
    }
}
