using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Feeds;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Persistence.Stores;

/// <summary>The reconciler's view of the database. Each save is one transaction that begins by renewing the lease.</summary>
/// <remarks>Leases and statuses are forgetful: after a power cut the next look finds them out again. Everything else outlasts it, the inventory that is saved before a first write above all.</remarks>
public sealed class ReconcileStore(PortalSessions sessions, ChangeSignal signal, TimeProvider time) : IReconcileStore
{
    public async Task<IReadOnlyList<DueEnvironment>> DueAsync(CancellationToken ct)
    {
        await using var context = sessions.OpenContext();
        return await context.Environments.AsNoTracking()
            .Where(environment => environment.Generation > 0 && environment.Status.Phase != EnvironmentPhase.Deleted)
            .OrderBy(environment => environment.Id)
            .Select(environment => new DueEnvironment(
                environment.Id,
                (environment.Status.Phase == EnvironmentPhase.Ready || environment.Status.Phase == EnvironmentPhase.Paused) && environment.Status.ObservedGeneration == environment.Generation && environment.DeletionApprovedAt == null))
            .ToListAsync(ct);
    }

    public async Task<Lease?> TryAcquireAsync(EnvironmentId id, string holder, TimeSpan duration, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenForgetfulContext();
        return await LeaseRows.TryTakeAsync(context, id, holder, duration, time.GetUtcNow(), ct);
    }

    public async Task<Lease?> TryResumeAsync(Lease released, ReconcileTarget known, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenForgetfulContext();
        return await LeaseRows.TryTakeAgainAsync(context, released, known.Version, time.GetUtcNow(), ct);
    }

    public async Task ReleaseAsync(Lease lease, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenForgetfulContext();
        await LeaseRows.ReleaseAsync(context, lease, ct);
    }

    public async Task<ReconcileTarget?> LoadAsync(EnvironmentId id, CancellationToken ct)
    {
        await using var context = sessions.OpenContext();
        var environment = await context.Environments.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, ct);
        if (environment is null || environment.Generation == 0 || environment.IsDeleted)
        {
            return null;
        }

        var inventory = await context.Inventories.AsNoTracking().FirstOrDefaultAsync(row => row.EnvironmentId == id, ct);
        var rollout = await context.Rollouts.AsNoTracking().Where(row => row.EnvironmentId == id).OrderByDescending(row => row.Id).FirstOrDefaultAsync(ct);
        return new ReconcileTarget(
            id, environment.Team, environment.Name, environment.Cluster, environment.Namespace, environment.Spec, environment.Generation,
            environment.IsDeleting, environment.Status, inventory?.Entries ?? [], rollout, environment.Version)
        {
            Data = environment.DataOnDeletion,
            RetriedAt = environment.RetriedAt,
            Ownership = environment.Ownership,
        };
    }

    public async Task SaveInventoryAsync(Lease lease, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenContext();
        await using var transaction = await BeginAsync(context, ct);
        await RenewAsync(context, lease, ct);
        await ReplaceInventoryAsync(context, lease.Id, inventory, ct);
        await context.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<Rollout> SaveStatusAsync(
        Lease lease, ReconcileTarget target, EnvironmentStatus status, Rollout rollout, IReadOnlyList<InventoryEntry>? inventory, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenForgetfulContext();
        await using var transaction = await BeginAsync(context, ct);
        await RenewAsync(context, lease, ct);
        var message = UserText.Shorten(status.Message, EnvironmentStatus.MaxMessageLength);
        var written = await context.Environments
            .Where(environment => environment.Id == target.Id && environment.Version == target.Version)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(environment => environment.Status.Phase, status.Phase)
                    .SetProperty(environment => environment.Status.Health, status.Health)
                    .SetProperty(environment => environment.Status.Message, message)
                    .SetProperty(environment => environment.Status.ObservedGeneration, status.ObservedGeneration)
                    .SetProperty(environment => environment.Status.Components, status.Components)
                    .SetProperty(environment => environment.Status.Conflicts, status.Conflicts), ct);
        if (written == 0)
        {
            throw new StaleTargetException();
        }

        if (status.Phase == EnvironmentPhase.Deleted)
        {
            await context.Inventories.Where(row => row.EnvironmentId == target.Id).ExecuteDeleteAsync(ct);
            await context.HostNames.Where(row => row.EnvironmentId == target.Id).ExecuteDeleteAsync(ct);
        }
        else if (inventory is not null)
        {
            await ReplaceInventoryAsync(context, target.Id, inventory, ct);
        }

        if (rollout.Id == 0)
        {
            context.Add(rollout);
        }
        else
        {
            context.Update(rollout);
        }

        await context.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        signal.Publish(target.Id);
        return rollout;
    }

    public async Task<long?> RollBackAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenContext();
        await using var transaction = await BeginAsync(context, ct);
        await RenewAsync(context, lease, ct);
        var environment = await CurrentAsync(context, target, ct);
        var good = await context.Rollouts.AsNoTracking()
            .Where(rollout => rollout.EnvironmentId == target.Id && rollout.Kind == RolloutKind.Apply && rollout.Outcome == RolloutOutcome.Succeeded && rollout.Generation < target.Generation)
            .OrderByDescending(rollout => rollout.Generation).Select(rollout => (long?)rollout.Generation).FirstOrDefaultAsync(ct);
        var known = await context.Generations.AsNoTracking()
            .Where(record => record.EnvironmentId == target.Id && (record.Number == good || record.Number == target.Generation)).ToListAsync(ct);

        // A return that fails as well is not repeated for ever: it is stuck, and a person looks.
        var isReturn = known.Exists(record => record.Number == target.Generation && record.Origin == GenerationOrigin.Rollback);
        if (isReturn || known.Find(record => record.Number == good) is not { } earlier)
        {
            return null;
        }

        var now = time.GetUtcNow();
        context.Add(environment.RollBack(earlier, reason, now));
        await HostNameRows.FollowLeavingOthersAsync(context, environment, ct);
        await CloseAsync(context, environment, failed with { Outcome = RolloutOutcome.RolledBack }, "environment.roll-back", reason, now, ct);
        await transaction.CommitAsync(ct);
        signal.Publish(target.Id);
        return environment.Generation;
    }

    public async Task FollowUpAsync(Lease lease, ReconcileTarget target, Rollout finished, EnvironmentSpec next, string reason, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenContext();
        await using var transaction = await BeginAsync(context, ct);
        await RenewAsync(context, lease, ct);
        var environment = await CurrentAsync(context, target, ct);
        var now = time.GetUtcNow();
        context.Add(environment.FollowUp(next, reason, now));
        await HostNameRows.FollowLeavingOthersAsync(context, environment, ct);
        await CloseAsync(context, environment, finished with { Outcome = RolloutOutcome.Succeeded }, "environment.follow-up", reason, now, ct);
        await transaction.CommitAsync(ct);
        signal.Publish(target.Id);
    }

    public async Task TearDownAsync(Lease lease, ReconcileTarget target, Rollout failed, string reason, CancellationToken ct)
    {
        using var turn = await sessions.WriteTurnAsync(ct);
        await using var context = sessions.OpenContext();
        await using var transaction = await BeginAsync(context, ct);
        await RenewAsync(context, lease, ct);
        var environment = await CurrentAsync(context, target, ct);
        var now = time.GetUtcNow();
        environment.ApproveDeletion(DataDisposition.Delete, now);
        await CloseAsync(context, environment, failed with { Outcome = RolloutOutcome.Failed }, "environment.tear-down", reason, now, ct);
        await transaction.CommitAsync(ct);
        signal.Publish(target.Id);
    }

    private static async Task<AppEnvironment> CurrentAsync(PortalDbContext context, ReconcileTarget target, CancellationToken ct) =>
        await context.Environments.FirstOrDefaultAsync(environment => environment.Id == target.Id && environment.Version == target.Version, ct)
        ?? throw new StaleTargetException();

    private static async Task CloseAsync(
        PortalDbContext context, AppEnvironment environment, Rollout ended, string verb, string reason, DateTimeOffset now, CancellationToken ct)
    {
        context.Update(ended with { FinishedAt = now, Message = UserText.Shorten(reason, Rollout.MaxMessageLength) });
        context.Add(new AuditEntry(now, "portal", "Portal", verb, $"environment/{environment.Id}", environment.Team));
        try
        {
            await context.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new StaleTargetException();
        }
    }

    /// <summary>The caller saves: a first inventory is a row that the context adds.</summary>
    private static async Task ReplaceInventoryAsync(PortalDbContext context, EnvironmentId id, IReadOnlyList<InventoryEntry> inventory, CancellationToken ct)
    {
        var replaced = await context.Inventories.Where(row => row.EnvironmentId == id).ExecuteUpdateAsync(row => row.SetProperty(kept => kept.Entries, inventory), ct);
        if (replaced == 0)
        {
            context.Add(new InventoryRow { EnvironmentId = id, Entries = inventory });
        }
    }

    private static async Task<IDbContextTransaction> BeginAsync(PortalDbContext context, CancellationToken ct)
    {
        // Nothing here goes on after a save that failed, so nothing has to be able to return to before it.
        context.Database.AutoSavepointsEnabled = false;
        return await context.Database.BeginTransactionAsync(ct);
    }

    private Task RenewAsync(PortalDbContext context, Lease lease, CancellationToken ct) => LeaseRows.RenewAsync(context, lease, time.GetUtcNow(), ct);
}
