using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Jobs.Hosting;

/// <summary>The work queue of environments, which also wakes one later. Wake-ups carry only the key.</summary>
/// <remarks>
/// Thread-safe. One look too many does no harm, a lost one does: of two planned wake-ups the earlier stays. Which lane a planned one takes is told by what the
/// last look found: what is under way goes first, a hint about what was settled waits behind all that somebody waits for.
/// </remarks>
public sealed class ReconcileQueue(TimeProvider time) : IReconcileTrigger, IDisposable
{
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(100);

    // What an autoscaler does to a calm environment is several changes within a moment, and over when it is looked at a little later.
    private static readonly TimeSpan s_calmBurst = TimeSpan.FromSeconds(2);

    private readonly WorkQueue<EnvironmentId> _queue = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<EnvironmentId, PlannedWake> _planned = [];
    private readonly HashSet<EnvironmentId> _underWay = [];

    /// <summary>Environments that wait for a worker.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Environments whose next look is planned.</summary>
    public int Planned
    {
        get
        {
            lock (_lock)
            {
                return _planned.Count;
            }
        }
    }

    public void Wake(EnvironmentId id)
    {
        Mark(id, underWay: true);
        _queue.Add(id, WorkLane.Asked);
    }

    public void WakeSoon(EnvironmentId id) => Plan(id, IsUnderWay(id) ? s_burst : s_calmBurst);

    /// <summary>For an environment whose last look left something to do.</summary>
    public void WakeAfter(EnvironmentId id, TimeSpan delay)
    {
        Mark(id, underWay: true);
        Plan(id, delay);
    }

    /// <summary>For an environment whose last look left nothing to do.</summary>
    public void WakeSettledAfter(EnvironmentId id, TimeSpan delay)
    {
        Mark(id, underWay: false);
        Plan(id, delay);
    }

    /// <summary>For an environment that is no more.</summary>
    public void Forget(EnvironmentId id) => Mark(id, underWay: false);

    /// <summary>Queues it behind everything that somebody waits for.</summary>
    public void WakeInBackground(EnvironmentId id) => _queue.Add(id, WorkLane.Background);

    /// <summary>Sees to it that it is looked at some time: queues it unless it waits, is worked on or has its next look planned.</summary>
    public void Ensure(EnvironmentId id)
    {
        lock (_lock)
        {
            if (_planned.ContainsKey(id) || _queue.Contains(id))
            {
                return;
            }
        }

        WakeInBackground(id);
    }

    public ValueTask<EnvironmentId> TakeAsync(CancellationToken ct) => _queue.TakeAsync(ct);

    public void Done(EnvironmentId id) => _queue.Done(id);

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

        _queue.Dispose();
    }

    private void Mark(EnvironmentId id, bool underWay)
    {
        lock (_lock)
        {
            if (underWay)
            {
                _underWay.Add(id);
            }
            else
            {
                _underWay.Remove(id);
            }
        }
    }

    private bool IsUnderWay(EnvironmentId id)
    {
        lock (_lock)
        {
            return _underWay.Contains(id);
        }
    }

    private void Plan(EnvironmentId id, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Fire(id);
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

    private void Fire(EnvironmentId id)
    {
        WorkLane lane;
        lock (_lock)
        {
            if (_planned.Remove(id, out var planned))
            {
                planned.Timer.Dispose();
            }

            lane = _underWay.Contains(id) ? WorkLane.UnderWay : WorkLane.Background;
        }

        _queue.Add(id, lane);
    }

    private readonly record struct PlannedWake(DateTimeOffset Due, ITimer Timer);
}
