namespace Portal.Provisioning.Sandbox;

/// <summary>The faults that a running sandbox shows: rules are added and removed while it runs.</summary>
/// <remarks>
/// Safe on every thread. A rule holds from the moment it is added; removing one lets the pods it held back go on by themselves.
/// </remarks>
public sealed class SandboxFaults
{
    private readonly Lock _gate = new();
    private readonly List<RequestRule> _requests = [];
    private readonly List<WorkloadFault> _workloads = [];

    /// <summary>Raised after a workload rule came or went, so that waiting pods are looked at again.</summary>
    internal event Action? WorkloadsChanged;

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
        lock (_gate)
        {
            _workloads.Add(fault);
        }

        WorkloadsChanged?.Invoke();
        return new Removal(() =>
        {
            lock (_gate)
            {
                _workloads.Remove(fault);
            }

            WorkloadsChanged?.Invoke();
        });
    }

    /// <summary>Removes every rule.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _workloads.Clear();
        }

        WorkloadsChanged?.Invoke();
    }

    internal RequestFault? OnRequest(string verb, string kind, string? ns)
    {
        lock (_gate)
        {
            var rule = _requests.Find(rule =>
                (rule.Fault.Verb is null || rule.Fault.Verb == verb)
                && (rule.Fault.Kind is null || rule.Fault.Kind == kind)
                && (rule.Fault.Namespace is null || rule.Fault.Namespace == ns));
            if (rule is not null && ++rule.Hits == rule.Fault.Times)
            {
                _requests.Remove(rule);
            }

            return rule?.Fault;
        }
    }

    internal WorkloadFault? Find(WorkloadFaultKind kind, string ns, string name, string? image = null)
    {
        lock (_gate)
        {
            return _workloads.Find(fault => fault.Kind == kind && fault.Matches(ns, name, image));
        }
    }

    private sealed class RequestRule(RequestFault fault)
    {
        public RequestFault Fault { get; } = fault;

        public int Hits { get; set; }
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
