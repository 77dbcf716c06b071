using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;

namespace Portal.Core.Persistence;

/// <summary>Keeps the rows of host names as the specs of the environments are, in the same save.</summary>
internal static class HostNameRows
{
    /// <summary>For every environment that this save makes, gives a new generation or ends; any other change leaves its names alone.</summary>
    /// <remarks>A name that the environment had without a row is another one's by now, and stays theirs: only what is new is claimed.</remarks>
    public static async Task FollowAsync(PortalDbContext context, CancellationToken ct)
    {
        foreach (var entry in context.ChangeTracker.Entries<AppEnvironment>().ToList())
        {
            if (entry.State == EntityState.Added)
            {
                Follow(context, entry.Entity, [], Wanted(entry.Entity));
            }
            else if (entry.State == EntityState.Modified && (entry.Entity.IsDeleted || entry.Property(environment => environment.Generation).IsModified))
            {
                var known = await KnownAsync(context, entry.Entity, ct);
                var lost = entry.Property(environment => environment.Spec).OriginalValue.AllHostNames().Except(known.Select(row => row.Host));
                Follow(context, entry.Entity, known, [.. Wanted(entry.Entity).Except(lost)]);
            }
        }
    }

    /// <summary>For a spec that the engine takes up by itself: a name that somebody else was given meanwhile stays theirs.</summary>
    public static async Task FollowLeavingOthersAsync(PortalDbContext context, AppEnvironment environment, CancellationToken ct)
    {
        var wanted = Wanted(environment);
        var taken = await context.HostNames
            .Where(row => row.Cluster == environment.Cluster && row.Approved && row.EnvironmentId != environment.Id && wanted.Contains(row.Host))
            .Select(row => row.Host).ToListAsync(ct);
        Follow(context, environment, await KnownAsync(context, environment, ct), [.. wanted.Except(taken)]);
    }

    private static List<string> Wanted(AppEnvironment environment) => environment.IsDeleted ? [] : [.. environment.Spec.AllHostNames().Distinct(StringComparer.Ordinal)];

    private static Task<List<HostNameRow>> KnownAsync(PortalDbContext context, AppEnvironment environment, CancellationToken ct) =>
        context.HostNames.Where(row => row.EnvironmentId == environment.Id).ToListAsync(ct);

    private static void Follow(PortalDbContext context, AppEnvironment environment, List<HostNameRow> known, List<string> wanted)
    {
        context.RemoveRange(known.Where(row => !wanted.Contains(row.Host)));
        foreach (var row in known)
        {
            row.Approved = environment.Generation > 0;
        }

        context.AddRange(wanted.Except(known.Select(row => row.Host)).Select(host => new HostNameRow
        {
            EnvironmentId = environment.Id,
            Cluster = environment.Cluster,
            Host = host,
            Approved = environment.Generation > 0,
        }));
    }
}
