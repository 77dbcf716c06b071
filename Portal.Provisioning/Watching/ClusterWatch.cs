using Microsoft.Extensions.Logging;
using Portal.Core.Feeds;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Follows everything of ours on one cluster and feeds pages and the reconciler with it.</summary>
/// <remarks>
/// One informer per kind, for objects that carry our managed-by label in all namespaces; events by namespace. Only projections are
/// kept. The feeds are right as of the last time the cluster could be seen, which <see cref="Link"/> tells; losing the cluster is
/// logged once when it happens and once when it is over. Hooks are called from the informers' own loops: they must be quick and only
/// note the key.
/// </remarks>
public sealed partial class ClusterWatch
{
    private readonly ClusterWatchOptions _options;
    private readonly KubeClient _client;
    private readonly ILogger<ClusterWatch> _log;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Informer> _informers;
    private readonly Informer _eventInformer;
    private readonly EventKeeper _eventKeeper;
    private Action<string>? _hooks;
    private LinkState _link;

    public ClusterWatch(KubeClient client, ClusterWatchOptions options, TimeProvider time, ILogger<ClusterWatch> log)
    {
        _client = client;
        _options = options;
        _time = time;
        _log = log;
        _link = new LinkState(false, null, time.GetUtcNow());
        Pods = new(options.ReaderCapacity);
        Workloads = new(options.ReaderCapacity);
        Events = new(options.ReaderCapacity);
        _eventKeeper = new EventKeeper(Events, IsOurs, options);
        _informers = [Follow("v1", "Pod", new FeedTarget<PodRow>(Pods, Projection.Pod, PodChanged))];
        foreach (var (apiVersion, kind) in options.Workloads)
        {
            _informers.Add(Follow(apiVersion, kind, new FeedTarget<WorkloadRow>(Workloads, Projection.Workload, WorkloadChanged)));
        }

        _eventInformer = new Informer(client, new ListQuery("v1", "Event"), _eventKeeper, options.Informer, _ => LinkMayHaveChanged(), time, log);
    }

    /// <summary>Scope: the namespace.</summary>
    public Feed<ObjectRef, PodRow> Pods { get; }

    /// <summary>Scope: the namespace; a Namespace is in its own.</summary>
    public Feed<ObjectRef, WorkloadRow> Workloads { get; }

    /// <summary>Scope: the namespace.</summary>
    public Feed<ObjectRef, EventRow> Events { get; }

    /// <summary>Completes when every kind was listed once: before that, absence means nothing.</summary>
    public Task Ready => Task.WhenAll(_informers.Append(_eventInformer).Select(i => i.Ready));

    public LinkState Link
    {
        get
        {
            lock (_lock)
            {
                return _link;
            }
        }
    }

    /// <summary>Raised when <see cref="Link"/> changed.</summary>
    public event Action<LinkState>? LinkChanged;

    /// <summary>Calls back with the namespace whenever an object of ours in it appears, goes, or changes in a way that a reconcile could care about.</summary>
    /// <remarks>A hint: it may come twice, and none comes for what happened while the cluster was out of sight and undone again.</remarks>
    public IDisposable OnNamespaceChanged(Action<string> wake)
    {
        lock (_lock)
        {
            _hooks += wake;
        }

        return new Hook(this, wake);
    }

    /// <summary>Runs until cancelled. Ends early only by a programming error, which it throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var runs = _informers.ConvertAll(i => i.RunAsync(stop.Token));
        runs.Add(RunEventsAsync(stop.Token));
        await Task.WhenAny(runs);
        await stop.CancelAsync();
        await Task.WhenAll(runs);
    }

    private async Task RunEventsAsync(CancellationToken ct)
    {
        try
        {
            // Which namespaces are ours is known once the other kinds were listed.
            await Task.WhenAll(_informers.Select(i => i.Ready)).WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        await _eventInformer.RunAsync(ct);
    }

    private Informer Follow(string apiVersion, string kind, IInformerTarget target) => new(
        _client, new ListQuery(apiVersion, kind, LabelSelector: $"{Labels.ManagedBy}={Labels.Manager}"), target, _options.Informer, _ => LinkMayHaveChanged(), _time, _log);

    private bool IsOurs(string ns) => Workloads.HasScope(ns) || Pods.HasScope(ns);

    private void PodChanged(PodRow? before, PodRow? after)
    {
        var ns = (after ?? before)!.Scope;
        Settle(ns, before is null, after is null);

        // A pod reports often; only a change of its health can change what a reconcile finds.
        if (before?.Health != after?.Health)
        {
            Wake(ns);
        }
    }

    private void WorkloadChanged(WorkloadRow? before, WorkloadRow? after)
    {
        var ns = (after ?? before)!.Scope;
        Settle(ns, before is null, after is null);

        if (before is null || after is null || (before.Uid, before.Wish, before.Health, before.Message) != (after.Uid, after.Wish, after.Health, after.Message))
        {
            Wake(ns);
        }
    }

    private void Settle(string ns, bool isNew, bool isGone)
    {
        if (isNew)
        {
            _eventKeeper.Welcome(ns);
        }
        else if (isGone && !IsOurs(ns))
        {
            _eventKeeper.Forget(ns);
        }
    }

    private void Wake(string ns)
    {
        Action<string>? hooks;
        lock (_lock)
        {
            hooks = _hooks;
        }

        hooks?.Invoke(ns);
    }

    private void LinkMayHaveChanged()
    {
        LinkState before;
        LinkState after;
        lock (_lock)
        {
            before = _link;
            var links = _informers.Append(_eventInformer).Select(i => i.Link).ToList();
            var error = links.FirstOrDefault(l => l.Error is not null)?.Error;

            // Events start late, so they count only once they have had trouble.
            var connected = error is null && _informers.TrueForAll(i => i.Link.IsConnected);
            if (before.IsConnected == connected && before.Error == error)
            {
                return;
            }

            after = new LinkState(connected, error, before.IsConnected == connected ? before.Since : _time.GetUtcNow());
            _link = after;
        }

        if (after.Error is not null && before.Error is null)
        {
            LogLost(_client.Connection.Name, after.Error);
        }
        else if (after.IsConnected && before.Error is not null)
        {
            LogBack(_client.Connection.Name);
        }

        LinkChanged?.Invoke(after);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster {Cluster} is out of sight; what is shown of it grows old: {Reason}")]
    private partial void LogLost(string cluster, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster {Cluster} is in sight again")]
    private partial void LogBack(string cluster);

    private sealed class Hook(ClusterWatch watch, Action<string> wake) : IDisposable
    {
        public void Dispose()
        {
            lock (watch._lock)
            {
                watch._hooks -= wake;
            }
        }
    }
}
