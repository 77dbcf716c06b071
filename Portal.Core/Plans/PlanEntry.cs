using Portal.Core.Environments;

namespace Portal.Core.Plans;

/// <summary>What happens to one object.</summary>
public sealed record PlanEntry(PlanAction Action, Component Component, string ApiVersion, string Kind, string? Namespace, string Name)
{
    /// <summary>For a change or a replacement, the fields that will differ, ordered by path.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>For a replacement, why the object cannot be changed in place.</summary>
    public string? Reason { get; init; }
}
