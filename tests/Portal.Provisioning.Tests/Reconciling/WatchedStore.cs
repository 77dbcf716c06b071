using System.Collections.Concurrent;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>The database as one of several workers sees it, with a note of when that worker holds a lease and what it knew without loading.</summary>
internal sealed class WatchedStore(IReconcileStore store, Presence presence) : IReconcileStore
{
    public Task<IReadOnlyList<DueEnvironment>> DueAsync(CancellationToken ct) => store.DueAsync(ct);

    public async Task<Lease?> TryAcquireAsync(EnvironmentId id, string holder, TimeSpan duration, CancellationToken ct) =>
        Entered(await store.TryAcquireAsync(id, holder, duration, ct));

    public async Task<Lease?> TryResumeAsync(Lease released, ReconcileTarget known, CancellationToken ct)
    {
        var lease = Entered(await store.TryResumeAsync(released, known, ct));
        if (lease is not null)
        {
            presence.Resumed.Add((known, await store.LoadAsync(known.Id, ct)));
        }

        return lease;
    }

    public Task ReleaseAsync(Lease lease, CancellationToken ct)
    {
        presence.Leave();
        return store.ReleaseAsync(lease, ct);
    }

    public Task<ReconcileTarget?> LoadAsync(EnvironmentId id, CancellationToken ct) => store.LoadAsync(id, ct);

    public Task SaveInventoryAsync(Lease lease, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct) => store.SaveInventoryAsync(lease, inventory, ct);

    public Task<Rollout> SaveStatusAsync(
        Lease lease, ReconcileTarget target, EnvironmentStatus status, Rollout rollout, IReadOnlyList<InventoryEntry>? inventory, CancellationToken ct) =>
        store.SaveStatusAsync(lease, target, status, rollout, inventory, ct);

    public Task<long?> RollBackAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) =>
        store.RollBackAsync(lease, target, failed, reason, ct);

    public Task FollowUpAsync(Lease lease, ReconcileTarget target, Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct) =>
        store.FollowUpAsync(lease, target, finished, next, reason, ct);

    public Task TearDownAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) =>
        store.TearDownAsync(lease, target, failed, reason, ct);

    private Lease? Entered(Lease? lease)
    {
        if (lease is not null)
        {
            presence.Enter();
        }

        return lease;
    }
}

/// <summary>How many are in the room at once.</summary>
internal sealed class Presence
{
    private readonly Lock _gate = new();
    private int _now;

    public int Most { get; private set; }

    public int Visits { get; private set; }

    /// <summary>What was known and what a load would have returned, for each look that loaded nothing.</summary>
    public ConcurrentBag<(ReconcileTarget Known, ReconcileTarget? Loaded)> Resumed { get; } = [];

    public void Enter()
    {
        lock (_gate)
        {
            Visits++;
            Most = Math.Max(Most, ++_now);
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _now--;
        }
    }
}
