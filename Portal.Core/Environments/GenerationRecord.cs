using Portal.Core.Environments.Specs;
using Portal.Core.Requests;

namespace Portal.Core.Environments;

/// <summary>Where a generation came from.</summary>
public enum GenerationOrigin
{
    /// <summary>A request that was approved.</summary>
    Request,

    /// <summary>The engine, which returned to an earlier generation because an update failed.</summary>
    Rollback,

    /// <summary>The engine, which ended an operation of two steps.</summary>
    FollowUp,
}

/// <summary>One generation of an environment: the spec as it was wanted, for good.</summary>
/// <param name="ReturnsTo">The earlier generation whose spec it takes up again, if it does.</param>
public sealed record GenerationRecord(
    EnvironmentId EnvironmentId, long Number, EnvironmentSpec Spec, GenerationOrigin Origin, RequestId? RequestId, long? ReturnsTo, string MadeBy, DateTimeOffset MadeAt);
