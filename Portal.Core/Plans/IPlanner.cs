using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Core.Plans;

/// <summary>Works out what a spec would do to its cluster. Implemented by provisioning; refuses when the cluster does not answer.</summary>
public interface IPlanner
{
    Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct);
}

/// <param name="Spec">The wanted spec; null plans the deletion.</param>
/// <param name="Generation">The generation that the spec would become.</param>
public sealed record PlanSubject(EnvironmentId Id, string Team, string Name, string Cluster, string Namespace, EnvironmentSpec? Spec, long Generation)
{
    /// <summary>For a deletion: what becomes of the data.</summary>
    public DataDisposition Data { get; init; }

    /// <summary>Who keeps fields that others have set, as people chose.</summary>
    public IReadOnlyList<OwnershipDecision> Ownership { get; init; } = [];
}
