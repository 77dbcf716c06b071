namespace Portal.Provisioning.Sandbox;

/// <summary>A request fault and how often it was met. Guarded by the gate of <see cref="SandboxFaults"/>.</summary>
internal sealed class RequestRule(RequestFault fault)
{
    private int _met;

    public RequestFault Fault { get; } = fault;

    public bool IsSpent => Fault.Times is { } times && _met >= Fault.Skip + times;

    /// <summary>Counts a matching request; false while the rule still lets requests pass.</summary>
    public bool Hits() => ++_met > Fault.Skip;
}
