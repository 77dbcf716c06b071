using Portal.Core.Environments;

namespace Portal.Core.Plans;

/// <summary>The objects that a request will create, change and delete, and what was left out because the cluster lacks something.</summary>
public sealed record Plan(IReadOnlyList<PlanEntry> Entries, IReadOnlyList<string> Notes);

public sealed record PlanEntry(PlanAction Action, Component Component, string ApiVersion, string Kind, string? Namespace, string Name);

public enum PlanAction
{
    Create,
    Change,
    Delete,
    Keep,
}
