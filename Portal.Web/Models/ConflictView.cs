using Portal.Core.Environments;

namespace Portal.Web.Models;

/// <summary>A conflict with the choice that stands: a person's, even before the reconciler has acted on it, else the spec's.</summary>
/// <param name="Decision">What a person chose; null when nobody did.</param>
public sealed record ConflictView(OwnershipConflict Conflict, OwnershipDecision? Decision)
{
    public OwnershipChoice? Choice => Decision?.Choice ?? Conflict.Choice;

    public static IReadOnlyList<ConflictView> Of(AppEnvironment environment) =>
    [
        .. environment.Status.Conflicts.Select(conflict => new ConflictView(conflict, environment.Ownership.FirstOrDefault(
            decision => (decision.Kind, decision.Name, decision.Manager) == (conflict.Kind, conflict.Name, conflict.Manager)))),
    ];
}
