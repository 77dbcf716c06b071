using Portal.Core.Environments.Specs;
using Portal.Core.Operations.Restoring;
using Portal.Core.Requests;

namespace Portal.Core.Operations;

/// <summary>How many approvals an operation needs, and why.</summary>
public static class OperationPolicy
{
    /// <remarks>What takes no more room and loses nothing is the team's own business. What replaces data or stops a production is not.</remarks>
    /// <param name="origin">Where the data of a restore comes from, when it is another environment's.</param>
    public static PolicyOutcome Evaluate(Operation operation, EnvironmentSpec spec, DataOrigin? origin = null)
    {
        var isProduction = spec.Purpose == Purpose.Production;
        var purpose = spec.Purpose.ToString().ToLowerInvariant();
        return operation switch
        {
            Operation.Restart or Operation.PurgeCache or Operation.BackUp or Operation.Wake or Operation.TakeBackLocation or Operation.RotateCredential or Operation.EndCanary =>
                new(0, "Approved by policy: it takes no more room and loses nothing."),
            Operation.Restore when origin is { Purpose: Purpose.Production } && !isProduction =>
                new(1, $"Needs one approval: it brings the data of a production into a {purpose} environment."),
            Operation.Restore when origin is { IsOfAnotherTeam: true } => new(1, "Needs one approval: it brings in the data of another team."),
            Operation.Pause or Operation.DrainLocation or Operation.Promote or Operation.UpgradeImage or Operation.StartCanary or Operation.PromoteCanary or Operation.Restore or Operation.RemoveReadReplica when !isProduction =>
                new(0, $"Approved by policy: a team may do this in its own {purpose} environments."),
            Operation.Pause => new(1, "Needs one approval: it stops a production."),
            Operation.DrainLocation => new(1, "Needs one approval: it takes a location of a production out of service."),
            Operation.Restore => new(1, "Needs one approval: it replaces the data of a production."),
            _ => new(1, "Needs one approval: it changes a running environment."),
        };
    }
}
