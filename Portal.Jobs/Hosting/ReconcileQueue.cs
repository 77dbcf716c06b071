using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Jobs.Hosting;

/// <summary>The work queue of environments, which also wakes one later. Wake-ups carry only the key.</summary>
/// <remarks>Thread-safe. One look too many does no harm, a lost one does: of two planned wake-ups the earlier stays.</remarks>
public sealed class ReconcileQueue(TimeProvider time) : IReconcileTrigger, IDisposable
{
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(100);

    private readonly WorkQueue<EnvironmentId> _queue = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<EnvironmentId, PlannedWake> _planned = [];

    /// <summary>Environments that wait for a worker.</summary>
    public int Waiting => _queue.Count;

    public void Wake(EnvironmentId id) => _queue.Add(id);

    public void WakeSoon(EnvironmentId id) => WakeAfter(id, s_burst);

    public ValueTask<EnvironmentId> TakeAsync(CancellationToken ct) => _queue.TakeAsync(ct);

    public void Done(EnvironmentId id) => _queue.Done(id);

    public void WakeAfter(EnvironmentId id, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Wake(id);
            return;
        }

        lock (_lock)
        {
            var due = time.GetUtcNow() + delay;
            if (_planned.TryGetValue(id, out var planned))
            {
                if (planned.Due <= due)
                {
                    return;
                }

                planned.Timer.Dispose();
            }

            _planned[id] = new(due, time.CreateTimer(_ => Fire(id), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var planned in _planned.Values)
            {
                planned.Timer.Dispose();
            }

            _planned.Clear();
        }
    }

    private void Fire(EnvironmentId id)
    {
        lock (_lock)
        {
            if (_planned.Remove(id, out var planned))
            {
                planned.Timer.Dispose();
            }
        }

        Wake(id);
    }

    private readonly record struct PlannedWake(DateTimeOffset Due, ITimer Timer);
}
