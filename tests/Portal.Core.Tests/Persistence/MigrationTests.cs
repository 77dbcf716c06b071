using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Persistence;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

public sealed class MigrationTests
{
    [Fact]
    public async Task Model_OnPostgres_IsWhatTheMigrationsMake()
    {
        await using var context = new PostgresPortalDbContext(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql("Host=nowhere").Options);

        Assert.False(context.Database.HasPendingModelChanges(), "Add a migration for PostgreSQL: the model changed.");
    }

    [Fact]
    public async Task Model_OnSqlite_IsWhatTheMigrationsMake()
    {
        await using var context = new SqlitePortalDbContext(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=:memory:").Options);

        Assert.False(context.Database.HasPendingModelChanges(), "Add a migration for SQLite: the model changed.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_EmptyDatabaseAndTwice_LeavesAUsableOne(bool postgres)
    {
        await using var database = await (postgres ? TestPostgres.CreateEmptyAsync() : TestSqlite.CreateEmptyAsync());
        await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
        var sessions = services.GetRequiredService<PortalSessions>();

        await sessions.MigrateAsync(TestContext.Current.CancellationToken);
        await sessions.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.True(await sessions.IsReachableAsync(TestContext.Current.CancellationToken));
        await using var core = await TestCore.StartAsync(database.Settings);
        Assert.True((await core.RequestAsync()).Id.Value > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_TwoReplicasAtOnce_BothSucceed(bool postgres)
    {
        await using var database = await (postgres ? TestPostgres.CreateEmptyAsync() : TestSqlite.CreateEmptyAsync());

        await Task.WhenAll(MigrateAsync(), MigrateAsync(), MigrateAsync());

        await using var core = await TestCore.StartAsync(database.Settings);
        Assert.NotNull(await core.RequestAsync());

        async Task MigrateAsync()
        {
            await using var services = new ServiceCollection().AddPortalCore(database.Settings).BuildServiceProvider();
            await services.GetRequiredService<PortalSessions>().MigrateAsync(TestContext.Current.CancellationToken);
        }
    }
}
