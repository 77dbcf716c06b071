using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Reconciling;

/// <summary>One activation's hold on an environment: the lease, what was loaded, and the writes of what was seen.</summary>
/// <remarks>Writes only what changed, so that a look at a settled environment costs no write.</remarks>
internal sealed class ReconcileSession(IReconcileStore store, Lease lease, ReconcileTarget target, TimeProvider time)
{
    private EnvironmentStatus _status = target.Status;
    private Rollout? _rollout = target.LatestRollout;
    private IReadOnlyList<InventoryEntry> _inventory = target.Inventory;

    public ReconcileTarget Target { get; } = target;

    public Rollout Rollout => _rollout ?? throw new InvalidOperationException("The rollout is not open yet.");

    public IReadOnlyList<InventoryEntry> Inventory => _inventory;

    public EnvironmentStatus Status => _status;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Continues the rollout of this generation, or starts its record; an unfinished one of an older wish is closed as superseded.</summary>
    public async Task OpenRolloutAsync(RolloutKind kind, CancellationToken ct)
    {
        if (_rollout is { } latest && latest.Generation == Target.Generation && latest.Kind == kind)
        {
            return;
        }

        if (_rollout is { Outcome: RolloutOutcome.Running } unfinished)
        {
            await SaveAsync(_status, unfinished with { Outcome = RolloutOutcome.Superseded, FinishedAt = Now }, ct);
        }

        await SaveAsync(_status, Rollout.Start(Target.Id, Target.Generation, kind, Now), ct);
    }

    public async Task SaveAsync(EnvironmentStatus status, Rollout rollout, CancellationToken ct)
    {
        if (IsSame(status, _status) && Equals(rollout, _rollout))
        {
            return;
        }

        _rollout = await store.SaveStatusAsync(lease, Target, status, rollout, ct);
        _status = status;
    }

    public async Task SaveInventoryAsync(IReadOnlyList<InventoryEntry> inventory, CancellationToken ct)
    {
        if (inventory.SequenceEqual(_inventory))
        {
            return;
        }

        await store.SaveInventoryAsync(lease, inventory, ct);
        _inventory = inventory;
    }

    private static bool IsSame(EnvironmentStatus left, EnvironmentStatus right) =>
        left.Components.SequenceEqual(right.Components) && left with { Components = right.Components } == right;
}
