using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Reconciling;

/// <summary>One activation's hold on an environment: the lease, what was loaded, and the writes of what was seen.</summary>
/// <remarks>Writes only what changed, so that a look at a settled environment costs no write.</remarks>
internal sealed class ReconcileSession(IReconcileStore store, Lease lease, ReconcileTarget target, TimeProvider time)
{
    private EnvironmentStatus _status = target.Status;
    private Rollout? _rollout = target.LatestRollout;
    private IReadOnlyList<InventoryEntry> _inventory = target.Inventory;
    private IReadOnlyList<InventoryEntry> _savedInventory = target.Inventory;

    public ReconcileTarget Target { get; } = target;

    public Rollout Rollout => _rollout ?? throw new InvalidOperationException("The rollout is not open yet.");

    public IReadOnlyList<InventoryEntry> Inventory => _inventory;

    public EnvironmentStatus Status => _status;

    /// <summary>What a load would return now, unless the wish has changed.</summary>
    public ReconcileTarget Saved => Target with { Status = _status, LatestRollout = _rollout, Inventory = _savedInventory };

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Continues the rollout of this generation, or starts its record; an unfinished one of an older wish or an older try is closed.</summary>
    public async Task OpenRolloutAsync(RolloutKind kind, CancellationToken ct)
    {
        var isRetried = _rollout is { Outcome: RolloutOutcome.Running } running && running.StartedAt < Target.RetriedAt;
        if (_rollout is { } latest && latest.Generation == Target.Generation && latest.Kind == kind && !isRetried)
        {
            return;
        }

        if (_rollout is { Outcome: RolloutOutcome.Running } unfinished)
        {
            var outcome = isRetried ? RolloutOutcome.Failed : RolloutOutcome.Superseded;
            await SaveAsync(_status, unfinished with { Outcome = outcome, FinishedAt = Now, Message = isRetried ? "Tried again on request." : null }, ct);
        }

        // What a deletion has decided about volumes and seen gone stays true in its next try.
        await SaveAsync(_status, Rollout.Start(Target.Id, Target.Generation, kind, Now) with { Removal = isRetried ? _rollout?.Removal : null }, ct);
    }

    /// <summary>Saves status, rollout and what <see cref="Learn"/> was told since the last save, together.</summary>
    public async Task SaveAsync(EnvironmentStatus status, Rollout rollout, CancellationToken ct)
    {
        if (IsSame(status, _status) && Equals(rollout, _rollout))
        {
            await SaveInventoryAsync(_inventory, ct);
            return;
        }

        _rollout = await store.SaveStatusAsync(lease, Target, status, rollout, ReferenceEquals(_inventory, _savedInventory) ? null : _inventory, ct);
        (_status, _savedInventory) = (status, _inventory);
    }

    /// <summary>Makes the last good generation the wish again; false when there is none.</summary>
    public async Task<bool> RollBackAsync(Rollout failed, string reason, CancellationToken ct)
    {
        await SaveInventoryAsync(_inventory, ct);
        return await store.RollBackAsync(lease, Target, failed, reason, ct) is not null;
    }

    public async Task FollowUpAsync(Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct)
    {
        await SaveInventoryAsync(_inventory, ct);
        await store.FollowUpAsync(lease, Target, finished, next, reason, ct);
    }

    public async Task TearDownAsync(Rollout failed, string reason, CancellationToken ct)
    {
        await SaveInventoryAsync(_inventory, ct);
        await store.TearDownAsync(lease, Target, failed, reason, ct);
    }

    /// <summary>Saves the inventory at once: for what has to be known before the cluster is written to.</summary>
    public async Task SaveInventoryAsync(IReadOnlyList<InventoryEntry> inventory, CancellationToken ct)
    {
        Learn(inventory);
        if (!ReferenceEquals(_inventory, _savedInventory))
        {
            await store.SaveInventoryAsync(lease, _inventory, ct);
            _savedInventory = _inventory;
        }
    }

    /// <summary>Takes up what was seen of the inventory; it is saved with the status. Lost, the next look sees it again.</summary>
    public void Learn(IReadOnlyList<InventoryEntry> inventory) => _inventory = inventory.SequenceEqual(_savedInventory) ? _savedInventory : inventory;

    private static bool IsSame(EnvironmentStatus left, EnvironmentStatus right) =>
        left.Components.SequenceEqual(right.Components) && left.Conflicts.SequenceEqual(right.Conflicts)
        && left with { Components = right.Components, Conflicts = right.Conflicts } == right;
}
