using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Applying;

/// <summary>What an apply changed, and which fields it left to others.</summary>
public sealed record ApplyOutcome(ChangeCount Changes, IReadOnlyList<OwnershipConflict> Conflicts)
{
    public static ApplyOutcome Nothing { get; } = new(new(0, 0, 0, 0), []);

    public static ApplyOutcome operator +(ApplyOutcome left, ApplyOutcome right) => Add(left, right);

    public static ApplyOutcome Add(ApplyOutcome left, ApplyOutcome right) => new(left.Changes + right.Changes, [.. left.Conflicts, .. right.Conflicts]);
}
