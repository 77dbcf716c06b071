using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>The database as a process sees it that may be killed: after its death nothing it does arrives, not even the release of its lease.</summary>
internal sealed class MortalStore(IReconcileStore store, Mortality mortality) : IReconcileStore
{
    public Task<IReadOnlyList<DueEnvironment>> DueAsync(CancellationToken ct) => mortality.Alive(() => store.DueAsync(ct));

    public Task<Lease?> TryAcquireAsync(EnvironmentId id, string holder, TimeSpan duration, CancellationToken ct) =>
        mortality.Alive(() => store.TryAcquireAsync(id, holder, duration, ct));

    public Task<Lease?> TryResumeAsync(Lease released, ReconcileTarget known, CancellationToken ct) => mortality.Alive(() => store.TryResumeAsync(released, known, ct));

    public async Task ReleaseAsync(Lease lease, CancellationToken ct)
    {
        if (!mortality.IsDead)
        {
            await store.ReleaseAsync(lease, ct);
        }
    }

    public Task<ReconcileTarget?> LoadAsync(EnvironmentId id, CancellationToken ct) => mortality.Alive(() => store.LoadAsync(id, ct));

    public Task SaveInventoryAsync(Lease lease, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct) => mortality.Written(async () =>
    {
        await store.SaveInventoryAsync(lease, inventory, ct);
        return true;
    });

    public Task<Rollout> SaveStatusAsync(
        Lease lease, ReconcileTarget target, EnvironmentStatus status, Rollout rollout, IReadOnlyList<InventoryEntry>? inventory, CancellationToken ct) =>
        mortality.Written(() => store.SaveStatusAsync(lease, target, status, rollout, inventory, ct));

    public Task<long?> RollBackAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) =>
        mortality.Written(() => store.RollBackAsync(lease, target, failed, reason, ct));

    public Task FollowUpAsync(Lease lease, ReconcileTarget target, Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct) => mortality.Written(async () =>
    {
        await store.FollowUpAsync(lease, target, finished, next, reason, ct);
        return true;
    });

    public Task TearDownAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) => mortality.Written(async () =>
    {
        await store.TearDownAsync(lease, target, failed, reason, ct);
        return true;
    });
}

/// <summary>Kills a process right after its n-th write, to the cluster or to the database.</summary>
internal sealed class Mortality(int lastWrite) : IDisposable
{
    private readonly CancellationTokenSource _killed = new();
    private int _writes;

    public CancellationToken Killed => _killed.Token;

    public bool IsDead => _killed.IsCancellationRequested;

    public void Count()
    {
        if (Interlocked.Increment(ref _writes) == lastWrite)
        {
            _killed.Cancel();
        }
    }

    public Task<T> Alive<T>(Func<Task<T>> call)
    {
        _killed.Token.ThrowIfCancellationRequested();
        return call();
    }

    public async Task<T> Written<T>(Func<Task<T>> write)
    {
        var result = await Alive(write);
        Count();
        _killed.Token.ThrowIfCancellationRequested();
        return result;
    }

    public void Dispose() => _killed.Dispose();
}
