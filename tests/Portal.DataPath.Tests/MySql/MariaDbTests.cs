using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.MySql;

/// <summary>The rendered backup and restore on a primary and a replica of MariaDB. The agent speaks MySQL alone, see <see cref="RealMySqlTests"/>.</summary>
public sealed class MariaDbTests
{
    [Fact]
    public async Task Restore_OfABackup_BringsItsRowsBackOnThePrimaryAndItsReplica()
    {
        var home = TemporaryDirectory.Create("portal-mariadb-");
        var ports = LoopbackPorts.Free(2);
        await using var primary = new MariaDbServer(home, 0, ports[0]);
        await using var replica = new MariaDbServer(home, 1, ports[1]);
        foreach (var server in new[] { primary, replica })
        {
            await server.InitializeAsync();
            await server.StartAsync();
        }

        await FollowAsync(primary, replica);
        await primary.MakeAccountsAsync();
        var scripts = MariaDbScripts.Write(home, primary);

        await BackupScenario.RunAsync(
            async sql =>
            {
                var (code, output) = await primary.AppAsync(sql);
                Assert.True(code == 0, output);
            },
            count => Task.WhenAll(RowsAsync(primary, count), RowsAsync(replica, count)),
            scripts.RunAsync,
            scripts.Dumps);

        // A replica that was away catches up by itself.
        await replica.StopAsync();
        Assert.Equal(0, (await primary.AppAsync("INSERT INTO t (v) VALUES ('while it was away')")).Code);
        await replica.StartAsync();
        await RowsAsync(replica, 2);
        await replica.StopAsync();
        await primary.StopAsync();
        Directory.Delete(home, recursive: true);
    }

    private static async Task FollowAsync(MariaDbServer primary, MariaDbServer replica)
    {
        await primary.RootAsync("CREATE USER repl@'127.0.0.1' IDENTIFIED BY 'replPassword1'; GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'");
        await replica.RootAsync($"RESET MASTER; SET GLOBAL gtid_slave_pos = ''; CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={primary.Port}, MASTER_USER='repl', MASTER_PASSWORD='replPassword1', MASTER_USE_GTID=slave_pos; START SLAVE");
    }

    private static async Task RowsAsync(MariaDbServer server, int count) => await Eventually.Holds(
        () => server.RootAsync("SELECT COUNT(*) FROM app.t"), answer => answer.Trim() == $"{count}", $"{count} rows on the server at {server.Port}");
}
