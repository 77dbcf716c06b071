using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Core.Persistence;

/// <summary>Who may work on an environment: how its row is taken, kept and given back. Each change is one statement that names what it was before.</summary>
internal static class LeaseRows
{
    /// <summary>Null when another holder has it.</summary>
    public static async Task<Lease?> TryTakeAsync(PortalDbContext context, EnvironmentId id, string holder, TimeSpan duration, DateTimeOffset now, CancellationToken ct)
    {
        var last = await context.Leases.AsNoTracking().FirstOrDefaultAsync(lease => lease.EnvironmentId == id, ct);
        if (last is null)
        {
            context.Add(new LeaseRow { EnvironmentId = id, Holder = holder, Token = 1, ExpiresAt = now + duration });
            try
            {
                await context.SaveChangesAsync(ct);
                return new Lease(id, holder, 1, duration);
            }
            catch (DbUpdateException collision) when (UniqueViolation.Is(collision))
            {
                return null;
            }
        }

        if (last.ExpiresAt > now && last.Holder != holder)
        {
            return null;
        }

        // The token that was read is the condition: of several who saw the same row one gets the next token, the others nothing.
        var taken = await context.Leases
            .Where(lease => lease.EnvironmentId == id && lease.Token == last.Token && (lease.ExpiresAt <= now || lease.Holder == holder))
            .ExecuteUpdateAsync(row => row.SetProperty(lease => lease.Holder, holder).SetProperty(lease => lease.Token, last.Token + 1).SetProperty(lease => lease.ExpiresAt, now + duration), ct);
        return taken == 1 ? new Lease(id, holder, last.Token + 1, duration) : null;
    }

    /// <summary>Takes it again, if the row is as its holder left it and the environment still has the version; null otherwise.</summary>
    public static async Task<Lease?> TryTakeAgainAsync(PortalDbContext context, Lease released, long version, DateTimeOffset now, CancellationToken ct)
    {
        // Only a release leaves this expiry, and whoever had the lease after it left another token.
        var taken = await context.Leases
            .Where(row => row.EnvironmentId == released.Id && row.Token == released.Token + 1 && row.Holder == released.Holder && row.ExpiresAt == DateTimeOffset.UnixEpoch)
            .Where(row => context.Environments.Any(environment => environment.Id == row.EnvironmentId && environment.Version == version))
            .ExecuteUpdateAsync(row => row.SetProperty(lease => lease.Token, released.Token + 2).SetProperty(lease => lease.ExpiresAt, now + released.Duration), ct);
        return taken == 1 ? released with { Token = released.Token + 2 } : null;
    }

    /// <exception cref="LeaseLostException">It is another one's by now.</exception>
    public static async Task RenewAsync(PortalDbContext context, Lease lease, DateTimeOffset now, CancellationToken ct)
    {
        var renewed = await Held(context, lease).ExecuteUpdateAsync(row => row.SetProperty(held => held.ExpiresAt, now + lease.Duration), ct);
        if (renewed == 0)
        {
            throw new LeaseLostException();
        }
    }

    /// <summary>The next token at once: a save that is still on its way with the released lease is refused.</summary>
    public static Task ReleaseAsync(PortalDbContext context, Lease lease, CancellationToken ct) =>
        Held(context, lease).ExecuteUpdateAsync(
            row => row.SetProperty(held => held.ExpiresAt, DateTimeOffset.UnixEpoch).SetProperty(held => held.Token, held => held.Token + 1), ct);

    private static IQueryable<LeaseRow> Held(PortalDbContext context, Lease lease) =>
        context.Leases.Where(row => row.EnvironmentId == lease.Id && row.Token == lease.Token && row.Holder == lease.Holder);
}
