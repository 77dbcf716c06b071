using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Portal.Provisioning.Sandbox;

/// <summary>Runs all controllers in turn: first every committed change is observed, then one key is reconciled, and again; what sums up comes after what it sums up.</summary>
internal sealed partial class ControlLoop
{
    // About as many writes as a stack makes from its first object to its last status, for several stacks side by side.
    private const int Fresh = 4096;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    private readonly Channel<Change?> _changes = Channel.CreateUnbounded<Change?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<ResourceKind, List<Controller>> _byKind = [];
    private readonly List<Controller> _controllers;
    private readonly Queue<(Controller Controller, ObjectKey Key)>[] _work = [.. Enum.GetValues<Turn>().Select(_ => new Queue<(Controller Controller, ObjectKey Key)>())];
    private readonly HashSet<(Controller Controller, ObjectKey Key)> _queued = [];
    private readonly PriorityQueue<(Controller Controller, ObjectKey Key), DateTimeOffset> _later = new();
    private readonly Dictionary<(Controller Controller, ObjectKey Key), DateTimeOffset> _nextLook = [];
    private readonly Queue<StoredObject> _fresh = new();
    private readonly TextModels _models = new();
    private readonly ObjectStore _store;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Backlog _backlog;
    private readonly ILogger _logger;
    private DateTimeOffset _timerDue = DateTimeOffset.MaxValue;
    private bool _armed;
    private int _faultsChanged;

    private ControlLoop(ControlContext cluster, Backlog backlog, ILoggerFactory loggers)
    {
        _backlog = backlog;
        _logger = loggers.CreateLogger<ControlLoop>();
        _store = cluster.Store;
        _time = cluster.Time;
        _timer = _time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _controllers =
        [
            new NamespaceController(cluster), new GarbageCollector(cluster), new DeploymentController(cluster), new ReplicaSetController(cluster),
            new StatefulSetController(cluster), new DaemonSetController(cluster), new JobController(cluster), new CronJobController(cluster), new VolumeController(cluster), new VolumeBinder(cluster),
            new Scheduler(cluster), new NodeAutoscaler(cluster), new Kubelet(cluster), new EndpointsController(cluster), new LoadBalancerController(cluster),
            new AutoscalerController(cluster), new RecommendationController(cluster), new DisruptionController(cluster), new QuotaController(cluster), new EventJanitor(cluster),
        ];
        foreach (var controller in _controllers)
        {
            controller.Enqueue = Add;
            foreach (var kind in controller.Watches)
            {
                if (!_byKind.TryGetValue(kind, out var interested))
                {
                    _byKind[kind] = interested = [];
                }

                interested.Add(controller);
            }
        }

        cluster.Store.Committed = change =>
        {
            _backlog.Grow();
            _changes.Writer.TryWrite(change);
        };
        cluster.Faults.WorkloadsChanged += () =>
        {
            Volatile.Write(ref _faultsChanged, 1);
            _changes.Writer.TryWrite(null);
        };
    }

    /// <summary>Ends when the loop was told to stop.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

    public static ControlLoop Start(ControlContext cluster, Backlog backlog, ILoggerFactory loggers, CancellationToken stopping)
    {
        var loop = new ControlLoop(cluster, backlog, loggers);
        loop.Stopped = Task.Run(() => loop.RunAsync(stopping), CancellationToken.None);
        return loop;
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await _changes.Reader.WaitToReadAsync(stopping))
            {
                do
                {
                    ObserveAll();
                    MoveDue();
                    if (Array.Find(_work, turn => turn.Count > 0)?.Dequeue() is { } item)
                    {
                        _queued.Remove(item);
                        Reconcile(item.Controller, item.Key);
                        _backlog.Shrink();
                    }
                }
                while ((_queued.Count > 0 || _changes.Reader.TryPeek(out _)) && !stopping.IsCancellationRequested);

                ArmTimer();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped();
        }
        catch (Exception problem)
        {
            LogDied(problem);
            throw;
        }
        finally
        {
            _backlog.End();
            await _timer.DisposeAsync();
        }
    }

    private void ObserveAll()
    {
        while (_changes.Reader.TryRead(out var change))
        {
            if (change is null)
            {
                continue;
            }

            Settle(change.Now);
            foreach (var controller in _byKind.TryGetValue(change.Key.Kind, out var interested) ? interested : [])
            {
                try
                {
                    controller.Observe(change);
                }
                catch (Exception problem)
                {
                    LogFailed(problem, controller.GetType().Name, change.Key);
                }
            }

            _backlog.Shrink();
        }

        if (Interlocked.Exchange(ref _faultsChanged, 0) == 1)
        {
            _controllers.ForEach(controller => controller.FaultsChanged());
        }
    }

    // What has just been written is read again by controllers and watches; what was written long before, and not again since, is packed.
    private void Settle(StoredObject written)
    {
        _fresh.Enqueue(written);
        if (_fresh.Count > Fresh && _fresh.Dequeue() is var settled && _store.Get(settled.Key) == settled)
        {
            settled.Pack(_models);
        }
    }

    private void Reconcile(Controller controller, ObjectKey key)
    {
        try
        {
            controller.Reconcile(key);
        }
        catch (ApiFault fault)
        {
            // A refusal by admission or a race with a client: look again a little later, as the real controllers do.
            LogRefused(controller.GetType().Name, key, fault.Message);
            Add(controller, key, s_retryAfter);
        }
        catch (Exception problem)
        {
            LogFailed(problem, controller.GetType().Name, key);
            Add(controller, key, s_retryAfter);
        }
    }

    private void Add(Controller controller, ObjectKey key, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            // An earlier look asks again for what it still needs; without this every look that waits would start another chain of them.
            var due = _time.GetUtcNow() + delay;
            if (!_nextLook.TryGetValue((controller, key), out var known) || known > due)
            {
                _nextLook[(controller, key)] = due;
                _later.Enqueue((controller, key), due);
            }
        }
        else if (_queued.Add((controller, key)))
        {
            _backlog.Grow();
            _work[(int)controller.Turn].Enqueue((controller, key));
        }
    }

    private void MoveDue()
    {
        var now = _time.GetUtcNow();
        while (_later.TryPeek(out var item, out var due) && due <= now)
        {
            _later.Dequeue();
            if (_nextLook.TryGetValue(item, out var next) && next <= due)
            {
                _nextLook.Remove(item);
            }

            Add(item.Controller, item.Key, TimeSpan.Zero);
        }
    }

    private void Wake()
    {
        Volatile.Write(ref _armed, false);
        _changes.Writer.TryWrite(null);
    }

    private void ArmTimer()
    {
        // Whether it fired is remembered, not concluded from the clock: a timer may fire a hair before its time.
        if (_later.TryPeek(out _, out var due) && (!Volatile.Read(ref _armed) || due < _timerDue))
        {
            var wait = due - _time.GetUtcNow();
            _timerDue = due;
            Volatile.Write(ref _armed, true);
            _timer.Change(wait > s_shortest ? wait : s_shortest, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Sandbox controllers stopped")]
    private partial void LogStopped();

    [LoggerMessage(LogLevel.Critical, "Sandbox controllers died: objects are stored but nothing happens to them any more")]
    private partial void LogDied(Exception problem);

    [LoggerMessage(LogLevel.Debug, "{Controller} could not finish {Key}: {Reason}")]
    private partial void LogRefused(string controller, ObjectKey key, string reason);

    [LoggerMessage(LogLevel.Error, "{Controller} failed on {Key}")]
    private partial void LogFailed(Exception problem, string controller, ObjectKey key);
}
