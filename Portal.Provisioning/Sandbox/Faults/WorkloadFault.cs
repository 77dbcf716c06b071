namespace Portal.Provisioning.Sandbox;

/// <summary>What goes wrong with the pods and volumes that match; every filter left null matches all.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Namespace">Only in this namespace.</param>
/// <param name="NamePrefix">Only pods (or claims) whose name starts so; a workload's name selects its pods.</param>
/// <param name="Image">Only containers whose image holds this text.</param>
public sealed record WorkloadFault(WorkloadFaultKind Kind, string? Namespace = null, string? NamePrefix = null, string? Image = null)
{
    /// <summary>For <see cref="WorkloadFaultKind.SlowStart"/>: what is added to the start delay.</summary>
    public TimeSpan Delay { get; init; }

    internal bool Matches(string ns, string name, string? image) =>
        (Namespace is null || Namespace == ns)
        && (NamePrefix is null || name.StartsWith(NamePrefix, StringComparison.Ordinal))
        && (Image is null || image?.Contains(Image, StringComparison.Ordinal) == true);
}
