using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Portal.Core.Persistence;

/// <summary>Which database: PostgreSQL by its connection string, or the embedded SQLite file.</summary>
public sealed record DatabaseSettings(bool IsPostgres, string ConnectionString)
{
    public static DatabaseSettings Sqlite(string file) => new(false, $"Data Source={file}");

    public static DatabaseSettings Postgres(string connectionString) => new(true, connectionString);
}

internal static class PortalDatabase
{
    public static void Configure(DbContextOptionsBuilder options, DatabaseSettings settings)
    {
        if (settings.IsPostgres)
        {
            options.UseNpgsql(settings.ConnectionString);
        }
        else
        {
            options.UseSqlite(settings.ConnectionString);
        }
    }

    /// <summary>The embedded database for what is found out again when a power cut takes it: a commit does not wait for the disk. The next one that does takes it along.</summary>
    public static PooledDbContextFactory<SqlitePortalDbContext> Forgetful(DatabaseSettings settings, IServiceProvider services)
    {
        // Connections keep the setting, so they must not come from the pool of the others: another text of the same meaning has a pool of its own.
        var apart = new SqliteConnectionStringBuilder(settings.ConnectionString) { Cache = SqliteCacheMode.Private };
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>().UseApplicationServiceProvider(services).UseSqlite(apart.ConnectionString).AddInterceptors(new CommitWithoutWaiting());
        return new(options.Options);
    }
}

/// <summary>Lets the migration tool build the model without a database.</summary>
internal sealed class PostgresDesignFactory : IDesignTimeDbContextFactory<PostgresPortalDbContext>
{
    public PostgresPortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresPortalDbContext>();
        PortalDatabase.Configure(options, DatabaseSettings.Postgres("Host=design-time"));
        return new(options.Options);
    }
}

/// <inheritdoc cref="PostgresDesignFactory"/>
internal sealed class SqliteDesignFactory : IDesignTimeDbContextFactory<SqlitePortalDbContext>
{
    public SqlitePortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>();
        PortalDatabase.Configure(options, DatabaseSettings.Sqlite("design-time.db"));
        return new(options.Options);
    }
}
