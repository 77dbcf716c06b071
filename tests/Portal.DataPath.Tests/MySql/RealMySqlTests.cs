using Portal.Testing;

namespace Portal.DataPath.Tests.MySql;

/// <summary>The rendered agent, backup and restore on real MySQL servers.</summary>
public sealed class RealMySqlTests
{
    private const string Password = "appPassword1";

    [Fact]
    public async Task Topology_NamesAnotherServer_ItTakesTheWritesAndNoneIsLost()
    {
        await using var cluster = await StartAsync(3);
        var (first, second, third) = (cluster.Servers[0], cluster.Servers[1], cluster.Servers[2]);
        await MustAsync(first, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40))");
        var acknowledged = 0;
        var mostOpen = 0;
        using var end = new CancellationTokenSource();
        var writing = WriteAsync();

        cluster.Point(second);
        await cluster.UntilSettledAsync(second);
        // Back to back: the third is named and taken back before it can be open.
        cluster.Point(third);
        cluster.Point(first);
        await cluster.UntilSettledAsync(first);
        await end.CancelAsync();
        await writing;

        Assert.True(acknowledged > 0);
        Assert.Equal(1, mostOpen);
        foreach (var server in cluster.Servers)
        {
            await Eventually.Holds(() => server.RootAsync("SELECT COUNT(*) FROM app.t"), count => count.Trim() == $"{acknowledged}", $"{acknowledged} rows on {server.Address}");
        }

        // Tries the servers in turn, as clients behind the Service do while it moves.
        async Task WriteAsync()
        {
            while (!end.IsCancellationRequested)
            {
                var open = 0;
                foreach (var server in cluster.Servers)
                {
                    open += await server.IsOpenAsync() ? 1 : 0;
                    acknowledged += (await server.AppAsync("INSERT INTO t (v) VALUES ('x')", Password)).Code == 0 ? 1 : 0;
                }

                mostOpen = Math.Max(mostOpen, open);
            }
        }
    }

    [Fact]
    public async Task Server_KilledAndStartedAgain_ComesUpClosedAndTakesItsPlace()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await MustAsync(primary, "CREATE TABLE t (id INT PRIMARY KEY)");

        await replica.KillAsync();
        await MustAsync(primary, "INSERT INTO t VALUES (1)");
        replica.Start();
        await cluster.UntilSettledAsync(primary);
        await RowsAsync(replica, 1);

        await primary.StopAgentAsync();
        await primary.KillAsync();
        primary.Start();
        await primary.UntilUpAsync();
        Assert.False(await primary.IsOpenAsync());
        // It is closed, and the other takes no writes: until that is known it is not ready, although it answers.
        await replica.StopAgentAsync();
        await replica.RootAsync("SET GLOBAL super_read_only = OFF");
        primary.StartAgent();
        await Eventually.Holds(() => primary.AgentLog.Contains("still takes writes", StringComparison.Ordinal), "the primary waits for the other");
        Assert.False(primary.IsReady);
        await replica.RootAsync("SET GLOBAL super_read_only = ON");
        replica.StartAgent();
        await Eventually.Holds(primary.IsOpenAsync, open => open, "the primary is open again");
        await MustAsync(primary, "INSERT INTO t VALUES (2)");
        await RowsAsync(replica, 2);
    }

    [Fact]
    public async Task Replica_StartedAgainBehindItsPrimary_IsReadyOnlyWhenItHasCaughtUp()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await MustAsync(primary, "CREATE TABLE t (id INT PRIMARY KEY)");
        await RowsAsync(replica, 0);
        await replica.StopAgentAsync();
        await replica.KillAsync();
        await MustAsync(primary, "INSERT INTO t VALUES (1)");
        replica.Start();
        await replica.UntilUpAsync();

        // The row arrives and cannot be applied while somebody holds the table. The lag is far below the limit all that time.
        var holding = replica.RootAsync("LOCK TABLES app.t READ; SELECT SLEEP(12); UNLOCK TABLES");
        replica.StartAgent();
        await Eventually.Holds(() => replica.AgentLog.Split("catches up with").Length > 4, "the agent has looked several times", TimeSpan.FromSeconds(10));
        Assert.False(replica.IsReady);
        Assert.False(holding.IsCompleted);
        await holding;
        await cluster.UntilSettledAsync(primary);
        Assert.Equal("1", (await replica.RootAsync("SELECT COUNT(*) FROM app.t")).Trim());
    }

    [Fact]
    public async Task Replica_StartedAgainWithoutAPrimary_ServesReadsAfterItsPatience()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await primary.StopAgentAsync();
        await primary.KillAsync();
        await Eventually.Holds(() => replica.AgentLog.Contains("follows", StringComparison.Ordinal) && replica.IsReady, "an outage of the primary alone takes no reads away");

        await replica.KillAsync();
        replica.Start();
        await replica.UntilUpAsync();
        await Eventually.Holds(() => replica.AgentLog.Contains("serves reads with what is here", StringComparison.Ordinal) && replica.IsReady, "it serves reads", TimeSpan.FromSeconds(30));
        Assert.False(await replica.IsOpenAsync());
    }

    [Fact]
    public async Task Primary_Gone_TheNamedReplicaOpensAfterItsPatienceAndTheOldOneFollows()
    {
        await using var cluster = await StartAsync(2);
        var (old, named) = (cluster.Servers[0], cluster.Servers[1]);
        await MustAsync(old, "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)");
        await old.StopAgentAsync();
        await old.KillAsync();

        cluster.Point(named);
        await Eventually.Holds(named.IsOpenAsync, open => open, "the named server is open", TimeSpan.FromSeconds(30));
        Assert.Contains("has not answered for 4 s", named.AgentLog, StringComparison.Ordinal);
        await MustAsync(named, "INSERT INTO t VALUES (2)");

        old.Start();
        old.StartAgent();
        await cluster.UntilSettledAsync(named);
        await RowsAsync(old, 2);
    }

    [Fact]
    public async Task Replica_WithATransactionOfItsOwn_IsReportedAndLeftAsItIs()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await MustAsync(primary, "CREATE TABLE t (id INT PRIMARY KEY)");
        await RowsAsync(replica, 0);

        await replica.RootAsync("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF; INSERT INTO app.t VALUES (7)");

        await Eventually.Holds(() => replica is { Role: "errant", IsReady: false }, "the replica is errant and takes no reads");
        Assert.Contains("ERRANT transactions", replica.AgentLog, StringComparison.Ordinal);
        Assert.Equal("7", (await replica.RootAsync("SELECT id FROM app.t")).Trim());
        Assert.True(await primary.IsOpenAsync());
    }

    [Fact]
    public async Task Replica_ThatLacksWhatThePrimaryHasPurged_IsCloned()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await replica.StopAgentAsync();
        await replica.RootAsync("STOP REPLICA");
        await MustAsync(primary, "CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)");
        await primary.RootAsync("FLUSH BINARY LOGS");
        var newest = (await primary.RootAsync("SHOW BINARY LOGS")).Trim().Split('\n')[^1].Split('\t')[0];
        await primary.RootAsync($"PURGE BINARY LOGS TO '{newest}'");
        await replica.RootAsync("RESET REPLICA ALL");

        replica.StartAgent();
        await Eventually.Holds(() => replica.AgentLog.Contains("clone: ", StringComparison.Ordinal), "the clone has ended", TimeSpan.FromSeconds(60));
        await replica.RestartAsync();

        await cluster.UntilSettledAsync(primary);
        await RowsAsync(replica, 1);
    }

    [Fact]
    public async Task Password_Replaced_BothAreValidUntilTheOldOneIsNoLongerMounted()
    {
        await using var cluster = await StartAsync(2);
        var primary = cluster.Servers[0];

        cluster.Secret("app-previous", Password);
        cluster.Secret("app", "appPassword2");
        await LogsInAsync("appPassword2", true);
        await LogsInAsync(Password, true);

        // A restore shuts the application out; that is no reason to touch the password.
        await primary.RootAsync("ALTER USER app@'%' ACCOUNT LOCK");
        await LogsInAsync("appPassword2", false);
        await primary.RootAsync("ALTER USER app@'%' ACCOUNT UNLOCK");
        await LogsInAsync(Password, true);

        File.Delete(Path.Combine(cluster.Secrets, "app-previous"));
        await LogsInAsync(Password, false);
        await LogsInAsync("appPassword2", true);
        await cluster.UntilSettledAsync(primary);

        async Task LogsInAsync(string password, bool expected)
        {
            foreach (var server in cluster.Servers)
            {
                await Eventually.Holds(() => server.AppAsync("SELECT 1", password), answer => answer.Code == 0 == expected, $"{password} is {(expected ? "valid" : "refused")} on {server.Address}");
            }
        }
    }

    [Fact]
    public async Task Restore_OfABackup_BringsItsRowsBackOnEveryServerAndOnlyOnce()
    {
        await using var cluster = await StartAsync(2);
        var (primary, replica) = (cluster.Servers[0], cluster.Servers[1]);
        await BackupScenario.RunAsync(
            sql => MustAsync(primary, sql),
            count => Task.WhenAll(RowsAsync(primary, count), RowsAsync(replica, count)),
            (script, variables) => cluster.RunAsync(script, [("PORT", $"{primary.Port}"), .. variables]),
            Path.Combine(cluster.Home, "dumps"));
        await cluster.UntilSettledAsync(primary);
    }

    private static async Task<MySqlCluster> StartAsync(int servers)
    {
        Assert.SkipWhen(RealMySql.Directory is null, RealMySql.Missing);
        return await MySqlCluster.StartAsync(servers);
    }

    private static async Task MustAsync(MySqlServer server, string sql)
    {
        var (code, output) = await server.AppAsync(sql, Password);
        Assert.True(code == 0, output);
    }

    private static async Task RowsAsync(MySqlServer server, int count) => await Eventually.Holds(
        () => server.RootAsync("SELECT COUNT(*) FROM app.t"), answer => answer.Trim() == $"{count}", $"{count} rows on {server.Address}");
}
