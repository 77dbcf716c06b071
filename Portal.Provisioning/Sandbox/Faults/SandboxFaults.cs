using System.Collections.Immutable;

namespace Portal.Provisioning.Sandbox;

/// <summary>The faults that a running sandbox shows: rules are added and removed while it runs.</summary>
/// <remarks>
/// Safe on every thread. A rule holds from the moment it is added; removing one lets the pods it held back go on by themselves.
/// Of several request rules that match, the one that was added first and is not skipping acts; the others do not count the request.
/// </remarks>
public sealed class SandboxFaults
{
    private readonly Lock _gate = new();
    private readonly List<RequestRule> _requests = [];
    private ImmutableList<WorkloadFault> _workloads = [];
    private ImmutableList<WebhookRefusal> _webhooks = [];
    private ImmutableList<Func<WriteSeen, Task>> _observers = [];
    private long _writes;

    /// <summary>Raised after a workload rule came or went, so that waiting pods are looked at again.</summary>
    internal event Action? WorkloadsChanged;

    internal ConnectionGate Connections { get; } = new();

    internal bool IsObserved => Volatile.Read(ref _observers).Count > 0;

    /// <summary>Whether somebody asks for the name in the body of a create.</summary>
    internal bool WantsNames
    {
        get
        {
            lock (_gate)
            {
                return IsObserved || _requests.Exists(rule => rule.Fault.Name is not null);
            }
        }
    }

    /// <summary>Adds a rule for requests; disposing the result removes it.</summary>
    public IDisposable Add(RequestFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var rule = new RequestRule(fault);
        lock (_gate)
        {
            _requests.Add(rule);
        }

        return new Removal(() =>
        {
            lock (_gate)
            {
                _requests.Remove(rule);
            }
        });
    }

    /// <summary>Adds a rule for pods or claims; disposing the result removes it.</summary>
    public IDisposable Add(WorkloadFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ImmutableInterlocked.Update(ref _workloads, (list, one) => list.Add(one), fault);
        WorkloadsChanged?.Invoke();
        return new Removal(() =>
        {
            ImmutableInterlocked.Update(ref _workloads, (list, one) => list.Remove(one), fault);
            WorkloadsChanged?.Invoke();
        });
    }

    /// <summary>Adds a webhook that refuses; disposing the result removes it.</summary>
    public IDisposable Add(WebhookRefusal webhook)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        ImmutableInterlocked.Update(ref _webhooks, (list, one) => list.Add(one), webhook);
        return new Removal(() => ImmutableInterlocked.Update(ref _webhooks, (list, one) => list.Remove(one), webhook));
    }

    /// <summary>The whole cluster is away until the result is disposed: connections break, watches too, and new ones are closed at once.</summary>
    public IDisposable GoAway() => Connections.Close();

    /// <summary>Calls the observer twice for every write request that is served; the write, and then its answer, wait for it. Disposing the result ends that.</summary>
    /// <remarks>A client that is stopped at <see cref="WriteStage.Done"/> has written and does not know it.</remarks>
    public IDisposable ObserveWrites(Func<WriteSeen, Task> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, (list, one) => list.Add(one), observer);
        return new Removal(() => ImmutableInterlocked.Update(ref _observers, (list, one) => list.Remove(one), observer));
    }

    /// <summary>Removes every rule; who observes stays, and so does being away.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
        }

        Volatile.Write(ref _workloads, []);
        Volatile.Write(ref _webhooks, []);
        WorkloadsChanged?.Invoke();
    }

    internal RequestFault? OnRequest(RequestTarget target)
    {
        lock (_gate)
        {
            var rule = _requests.Find(rule => rule.Fault.Matches(target) && rule.Hits());
            if (rule?.IsSpent == true)
            {
                _requests.Remove(rule);
            }

            return rule?.Fault;
        }
    }

    internal WorkloadFault? Find(WorkloadFaultKind kind, string ns, string name, string? image = null) =>
        Volatile.Read(ref _workloads).Find(fault => fault.Kind == kind && fault.Matches(ns, name, image));

    internal WebhookRefusal? Refusal(string operation, string kind, string ns, string name) =>
        Volatile.Read(ref _webhooks).Find(webhook => webhook.Matches(operation, kind, ns, name));

    internal long NextWrite() => Interlocked.Increment(ref _writes);

    internal async Task TellAsync(WriteSeen seen)
    {
        foreach (var observer in Volatile.Read(ref _observers))
        {
            await observer(seen);
        }
    }
}
