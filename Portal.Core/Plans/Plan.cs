namespace Portal.Core.Plans;

/// <summary>The objects that a request will create, change, replace and delete, and what was left out because the cluster lacks something.</summary>
/// <remarks>
/// A decision is bound to it, so it holds nothing that changes by itself: the same spec on the same cluster state gives the same plan.
/// No value of a secret is in it.
/// </remarks>
public sealed record Plan(IReadOnlyList<PlanEntry> Entries, IReadOnlyList<string> Notes)
{
    /// <summary>What the cluster said against objects of the plan without stopping the request. What stops it is refused before.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; init; } = [];
}
