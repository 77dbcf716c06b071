using Portal.Core.Environments;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Applying;

/// <summary>Who keeps a field that the spec renders and another manager has set: a person's choice about that object first, then the spec's rule.</summary>
public sealed record OwnershipRules(ConflictRule Rule, IReadOnlyList<OwnershipDecision> Decisions)
{
    /// <summary>The spec wins everywhere.</summary>
    public static OwnershipRules TakeOver { get; } = new(ConflictRule.TakeOver, []);

    /// <summary>The rules of a spec, for its plan and its rollout alike.</summary>
    /// <remarks>An autoscaler owns the number of pods; to rest, it has to be taken from it.</remarks>
    public static OwnershipRules Of(EnvironmentSpec spec, IReadOnlyList<OwnershipDecision> decisions) =>
        spec.DayTwo.Paused ? TakeOver : new(spec.Rollout.OnConflict, decisions);

    /// <summary>Null when a person has to choose; until then the other manager keeps the field.</summary>
    public OwnershipChoice? Choose(string kind, string name, string manager) =>
        Decisions.FirstOrDefault(decision => (decision.Kind, decision.Name, decision.Manager) == (kind, name, manager))?.Choice
        ?? Rule switch
        {
            ConflictRule.TakeOver => OwnershipChoice.TakeOver,
            ConflictRule.Leave => OwnershipChoice.Leave,
            _ => null,
        };
}
