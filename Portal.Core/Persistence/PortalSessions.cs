using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Persistence;

/// <summary>Opens one <see cref="PortalSession"/> per command or query: a page outlives any sane unit of work.</summary>
public sealed class PortalSessions
{
    private const long MigrationLock = 0x506f7274616c;

    private readonly Func<PortalDbContext> _open;

    private readonly SemaphoreSlim? _writer;

    /// <param name="singleWriter">
    /// SQLite lets one writer in at a time and makes the others sleep in long steps; standing in line here costs them nothing.
    /// </param>
    internal PortalSessions(Func<PortalDbContext> open, bool singleWriter)
    {
        _open = open;
        _writer = singleWriter ? new SemaphoreSlim(1) : null;
    }

    public PortalSession Open() => new(_open());

    /// <summary>Opens contexts whose commits need not outlast a power cut; null when there is no difference.</summary>
    internal Func<PortalDbContext>? Forgetful { get; init; }

    internal PortalDbContext OpenContext() => _open();

    /// <summary>For what the next look at an environment finds out again: who works on it, and how it is.</summary>
    internal PortalDbContext OpenForgetfulContext() => (Forgetful ?? _open)();

    /// <summary>The turn to write, until it is disposed.</summary>
    internal async Task<IDisposable?> WriteTurnAsync(CancellationToken ct)
    {
        if (_writer is null)
        {
            return null;
        }

        await _writer.WaitAsync(ct);
        return new Turn(_writer);
    }

    /// <summary>Brings the database to the newest migration.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var context = _open();
        if (context is PostgresPortalDbContext && await context.Database.CanConnectAsync(ct))
        {
            await MigrateAloneAsync(context, ct);
        }
        else
        {
            await context.Database.MigrateAsync(ct);
        }

        if (context is SqlitePortalDbContext)
        {
            // Readers do not wait for the writer; the setting is kept in the file.
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", ct);
        }
    }

    /// <summary>Entity Framework's own lock ends with each migration, so of two replicas that start at once both would run the second one.</summary>
    private static async Task MigrateAloneAsync(PortalDbContext context, CancellationToken ct)
    {
        await context.Database.OpenConnectionAsync(ct);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", ct);
        try
        {
            await context.Database.MigrateAsync(ct);
        }
        finally
        {
            // The connection goes back to a pool, where it would keep the lock.
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    /// <summary>Whether the database answers.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken ct)
    {
        await using var context = _open();
        return await context.Database.CanConnectAsync(ct);
    }

    /// <summary>The keys that sign cookies, as XML. Synchronous, because the framework asks so.</summary>
    public IReadOnlyList<string> ReadSigningKeys()
    {
        using var context = _open();
        return context.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).ToList();
    }

    public void StoreSigningKey(string friendlyName, string xml)
    {
        using var context = _open();
        context.Add(new DataProtectionKeyRow { FriendlyName = friendlyName, Xml = xml });
        context.SaveChanges();
    }

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}
