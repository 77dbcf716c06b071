using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Persistence;

namespace Portal.Testing;

/// <summary>Databases in temporary SQLite files, as the embedded default has them.</summary>
public static class TestSqlite
{
    private const string Prefix = "portal-sqlite-";

    static TestSqlite() => TemporaryDirectory.Sweep(Prefix, _ => { });

    /// <summary>A database with the newest migration.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await CreateEmptyAsync();
        await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
        await services.GetRequiredService<PortalSessions>().MigrateAsync(CancellationToken.None);
        return database;
    }

    /// <summary>A database without any table, for tests of the migrations themselves.</summary>
    public static Task<TestDatabase> CreateEmptyAsync()
    {
        var directory = TemporaryDirectory.Create(Prefix);
        var settings = DatabaseSettings.Sqlite(Path.Combine(directory, "portal.db"));
        return Task.FromResult(new TestDatabase(settings, () =>
        {
            // The portal has more than one pool for the file.
            SqliteConnection.ClearAllPools();
            Directory.Delete(directory, recursive: true);
            return Task.CompletedTask;
        }));
    }
}
