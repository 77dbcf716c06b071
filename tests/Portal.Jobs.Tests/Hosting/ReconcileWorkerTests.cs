using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Jobs.Hosting;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Reconciling;
using Portal.Testing;

namespace Portal.Jobs.Tests.Hosting;

public sealed class ReconcileWorkerTests : IAsyncDisposable
{
    private readonly TestClock _clock = new();
    private readonly PoisonedStore _store = new();
    private readonly ReconcileQueue _queue;
    private readonly ReconcileWorker _worker;

    public ReconcileWorkerTests()
    {
        _queue = new(_clock);
        var reconciler = new StackReconciler(
            _store, new ClusterRegistry(_clock), new NamespaceIndex(), new StackApplier(new CredentialFactory(_clock)), PlatformSettings.Default, _clock, NullLogger<StackReconciler>.Instance);
        _worker = new(_queue, reconciler, new JobSettings(2, TimeSpan.FromMinutes(1)), NullLogger<ReconcileWorker>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _queue.Dispose();
    }

    [Fact]
    public async Task Worker_OneEnvironmentThrows_OthersAreStillReconciled()
    {
        await _worker.StartAsync(CancellationToken.None);
        _queue.Wake(_store.Poison);
        var others = Enumerable.Range(0, 20).Select(_ => new EnvironmentId(Guid.NewGuid())).ToList();
        others.ForEach(_queue.Wake);

        await Eventually.Holds(() => others.All(_store.Released.Contains), "the other environments were reconciled");
    }

    [Fact]
    public async Task Worker_EnvironmentThatThrows_IsTriedAgainWithGrowingPauses()
    {
        await _worker.StartAsync(CancellationToken.None);
        _queue.Wake(_store.Poison);
        await TriesAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await TriesAsync(2);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _store.Tries);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await TriesAsync(3);
    }

    /// <summary>The next wake-up is planned after the try, so both are waited for.</summary>
    private Task TriesAsync(int count) =>
        Eventually.Holds(() => _store.Tries == count && _clock.WaitingTimers == 1, $"{count} tries and the next one planned");

    /// <summary>Knows nothing of any environment, and throws for one.</summary>
    private sealed class PoisonedStore : IReconcileStore
    {
        private int _tries;

        public EnvironmentId Poison { get; } = new(Guid.NewGuid());

        public int Tries => Volatile.Read(ref _tries);

        public System.Collections.Concurrent.ConcurrentBag<EnvironmentId> Released { get; } = [];

        public Task<Lease?> TryAcquireAsync(EnvironmentId id, string holder, TimeSpan duration, CancellationToken ct)
        {
            if (id == Poison)
            {
                Interlocked.Increment(ref _tries);
                throw new InvalidOperationException("Poisoned.");
            }

            return Task.FromResult<Lease?>(new Lease(id, holder, 1, duration));
        }

        public Task<Lease?> TryResumeAsync(Lease released, ReconcileTarget known, CancellationToken ct) => throw new InvalidOperationException("Nothing was known.");

        public Task ReleaseAsync(Lease lease, CancellationToken ct)
        {
            Released.Add(lease.Id);
            return Task.CompletedTask;
        }

        public Task<ReconcileTarget?> LoadAsync(EnvironmentId id, CancellationToken ct) => Task.FromResult<ReconcileTarget?>(null);

        public Task<IReadOnlyList<DueEnvironment>> DueAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<DueEnvironment>>([]);

        public Task SaveInventoryAsync(Lease lease, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct) => throw new InvalidOperationException("Nothing to save.");

        public Task<Rollout> SaveStatusAsync(
        Lease lease, ReconcileTarget target, EnvironmentStatus status, Rollout rollout, IReadOnlyList<InventoryEntry>? inventory, CancellationToken ct) =>
            throw new InvalidOperationException("Nothing to save.");

        public Task<long?> RollBackAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) =>
            throw new InvalidOperationException("Nothing to roll back.");

        public Task FollowUpAsync(Lease lease, ReconcileTarget target, Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct) =>
            throw new InvalidOperationException("Nothing follows.");

        public Task TearDownAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct) =>
            throw new InvalidOperationException("Nothing to tear down.");
    }
}
