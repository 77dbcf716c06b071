using Microsoft.Data.Sqlite;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Core.Tests.Persistence;

/// <summary>What waits for the disk on the embedded database. Read off the connections that the portal has used, which their pools keep.</summary>
public sealed class DurabilityTests(SqliteFixture fixture) : DatabaseSuite(fixture), IClassFixture<SqliteFixture>
{
    private const long Normal = 1;
    private const long Full = 2;

    [Fact]
    public async Task Decisions_BesideLooks_WaitForTheDisk()
    {
        await LookedAtAsync();
        await Core.RequestAsync("another");

        Assert.Equal(Full, await SynchronousAsync(Fixture.Database.Settings.ConnectionString));
    }

    [Fact]
    public async Task Looks_AtAnEnvironment_DoNot()
    {
        await LookedAtAsync();

        var apart = new SqliteConnectionStringBuilder(Fixture.Database.Settings.ConnectionString) { Cache = SqliteCacheMode.Private };
        Assert.Equal(Normal, await SynchronousAsync(apart.ConnectionString));
    }

    private async Task LookedAtAsync()
    {
        var id = await Core.ApprovedAsync();
        var lease = (await Core.Store.TryAcquireAsync(id, "a", TimeSpan.FromMinutes(1), Ct))!;
        var target = (await Core.Store.LoadAsync(id, Ct))!;
        await Core.Store.SaveInventoryAsync(lease, [], Ct);
        await Core.Store.SaveStatusAsync(lease, target, target.Status, Rollout.Start(id, target.Generation, RolloutKind.Apply, Core.Clock.GetUtcNow()), null, Ct);
        await Core.Store.ReleaseAsync(lease, Ct);
    }

    private static async Task<long?> SynchronousAsync(string connectionString)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        return (long?)await command.ExecuteScalarAsync(Ct);
    }
}
