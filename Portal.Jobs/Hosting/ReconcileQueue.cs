using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Jobs.Hosting;

/// <summary>The work queue of environments, which also wakes one later. Wake-ups carry only the key.</summary>
/// <remarks>
/// Thread-safe. One look too many does no harm, a lost one does: of two planned wake-ups the earlier stays. Which lane a planned one takes is told by what the
/// last look found: what is under way goes first, a hint about what was settled waits behind all that somebody waits for.
/// </remarks>
public sealed class ReconcileQueue : IReconcileTrigger, IDisposable
{
    private const int MostBegun = 24;

    // A look at what was settled reads all of it: a backlog of them, done at once, would take the processor from what somebody waits for.
    private const int CalmLooksPerSecond = 4;
    private const int CalmLooksPerBusySecond = 1;

    private static readonly TimeSpan s_begunWithin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(100);

    // Each change of many that are under way would else be a look of its own: together they are looked at some sixty times a second, however many they are.
    private static readonly TimeSpan s_perLook = TimeSpan.FromMilliseconds(15);

    // What an autoscaler does to a calm environment is several changes within a moment, and over when it is looked at a little later.
    private static readonly TimeSpan s_calmBurst = TimeSpan.FromSeconds(2);

    private readonly WorkQueue<EnvironmentId> _queue = new();
    private readonly StartLine<EnvironmentId> _line;
    private readonly StartLine<EnvironmentId> _hinted;
    private readonly StartLine<EnvironmentId> _calm;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<EnvironmentId, PlannedWake> _planned = [];
    private readonly HashSet<EnvironmentId> _underWay = [];

    public ReconcileQueue(TimeProvider time)
    {
        _time = time;
        _line = new(() => MostBegun, s_begunWithin, Begin, time);
        _hinted = new(() => CalmLooksPerSecond, TimeSpan.FromSeconds(1), id => _queue.Add(id, WorkLane.Background), time);
        _calm = new(() => _line.IsBusy ? CalmLooksPerBusySecond : CalmLooksPerSecond, TimeSpan.FromSeconds(1), id => _queue.Add(id, WorkLane.Background), time);
    }

    /// <summary>Environments that wait for a worker.</summary>
    public int Waiting => _queue.Count + _line.Count + _hinted.Count + _calm.Count;

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

    public void Wake(EnvironmentId id) => _line.Ask(id);

    /// <summary>For an environment of which something has changed: what changes in the next moment is seen by the same look.</summary>
    public void WakeSoon(EnvironmentId id) => Plan(id, Burst(id), isHint: true);

    /// <summary>For an environment whose last look left something to do.</summary>
    public void WakeAfter(EnvironmentId id, TimeSpan delay)
    {
        Mark(id, underWay: true);
        Plan(id, delay);
    }

    /// <summary>For an environment whose last look met something in its way: others need not wait for it.</summary>
    public void RetryAfter(EnvironmentId id, TimeSpan delay)
    {
        _line.Leave(id);
        WakeAfter(id, delay);
    }

    /// <summary>For an environment whose last look left nothing to do.</summary>
    public void WakeSettledAfter(EnvironmentId id, TimeSpan delay)
    {
        Forget(id);
        Plan(id, delay);
    }

    /// <summary>For an environment that is no more.</summary>
    public void Forget(EnvironmentId id)
    {
        Mark(id, underWay: false);
        _line.Leave(id);
    }

    /// <summary>Queues it behind everything that somebody waits for.</summary>
    public void WakeInBackground(EnvironmentId id) => _calm.Ask(id);

    /// <summary>Sees to it that it is looked at some time: queues it unless it waits, is worked on or has its next look planned.</summary>
    public void Ensure(EnvironmentId id)
    {
        if (_line.Contains(id) || _hinted.Contains(id) || _calm.Contains(id))
        {
            return;
        }

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

        _line.Dispose();
        _hinted.Dispose();
        _calm.Dispose();
        _queue.Dispose();
    }

    private void Begin(EnvironmentId id)
    {
        Mark(id, underWay: true);
        _queue.Add(id, WorkLane.Asked);
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

    private TimeSpan Burst(EnvironmentId id)
    {
        lock (_lock)
        {
            return _underWay.Contains(id) ? TimeSpan.FromTicks(Math.Clamp(_underWay.Count * s_perLook.Ticks, s_burst.Ticks, s_calmBurst.Ticks)) : s_calmBurst;
        }
    }

    private void Plan(EnvironmentId id, TimeSpan delay, bool isHint = false)
    {
        if (delay <= TimeSpan.Zero)
        {
            Fire(id);
            return;
        }

        lock (_lock)
        {
            var due = _time.GetUtcNow() + delay;
            if (_planned.TryGetValue(id, out var planned))
            {
                isHint |= planned.IsHint;
                if (planned.Due <= due)
                {
                    _planned[id] = planned with { IsHint = isHint };
                    return;
                }

                planned.Timer.Dispose();
            }

            _planned[id] = new(due, isHint, _time.CreateTimer(_ => Fire(id), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    private void Fire(EnvironmentId id)
    {
        bool isUnderWay;
        bool isHint;
        lock (_lock)
        {
            if (_planned.Remove(id, out var planned))
            {
                planned.Timer.Dispose();
            }

            (isUnderWay, isHint) = (_underWay.Contains(id), planned.IsHint);
        }

        if (isUnderWay)
        {
            _queue.Add(id, WorkLane.UnderWay);
        }
        else if (isHint)
        {
            _hinted.Ask(id);
        }
        else
        {
            _calm.Ask(id);
        }
    }

    private readonly record struct PlannedWake(DateTimeOffset Due, bool IsHint, ITimer Timer);
}
