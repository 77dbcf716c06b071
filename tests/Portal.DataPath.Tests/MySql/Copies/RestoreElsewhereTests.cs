using Portal.DataPath.Tests.Programs;
using Portal.Testing;

namespace Portal.DataPath.Tests.MySql.Copies;

/// <summary>A backup of one environment restored into another: rendered dump, upload, fetch and restore on two MariaDB servers, rclone and a store.</summary>
public sealed class RestoreElsewhereTests
{
    private const string Accounts = "SELECT user, host, authentication_string FROM mysql.user ORDER BY user, host";

    [Fact]
    public async Task Restore_OfAnotherEnvironmentsBackup_BringsItsRowsAndNoneOfItsAccounts()
    {
        var home = TemporaryDirectory.Create("portal-elsewhere-");
        var ports = LoopbackPorts.Free(2);
        await using var bucket = await S3Bucket.StartAsync();
        await using var live = new MariaDbServer(Path.Combine(home, "live"), 0, ports[0]) { Edition = "Live" };
        await using var staging = new MariaDbServer(Path.Combine(home, "staging"), 1, ports[1]) { Edition = "Staging" };
        var (liveScripts, stagingScripts) = (await StartAsync(home, "live", live), await StartAsync(home, "staging", staging));
        await AppAsync(live,
            """
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40));
            INSERT INTO t (v) VALUES ('a'), ('b'), ('c');
            CREATE TABLE log (id INT);
            CREATE TRIGGER t_log BEFORE INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1);
            CREATE VIEW names AS SELECT v FROM t
            """);
        await AppAsync(staging, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40)); INSERT INTO t VALUES (9, 'only in staging'); CREATE TABLE scratch (id INT)");
        var accounts = await staging.RootAsync(Accounts);

        await SucceedsAsync(liveScripts.RunAsync("backup.sh", ("SOURCE", "read"), ("JOB", "job-1")));
        await SucceedsAsync(liveScripts.RunAsync("backup.sh", ("SOURCE", "read"), ("JOB", "job-1")));
        await SucceedsAsync(new CopyingJobs(Path.Combine(home, "live"), bucket).UploadAsync());
        Assert.Single(bucket.Objects);

        // Nothing was fetched yet: it must not take a backup of its own instead.
        var (code, output) = await RestoreAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("none of shop was fetched", output, StringComparison.Ordinal);
        Assert.Equal("1", (await staging.RootAsync("SELECT COUNT(*) FROM app.t")).Trim());

        await SucceedsAsync(new CopyingJobs(Path.Combine(home, "staging"), bucket).FetchAsync(1));
        // As old as a backup may be: what the restore dumps first must not sweep it away.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(stagingScripts.Dumps, "from-1")))
        {
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-30));
        }

        await SucceedsAsync(RestoreAsync());

        Assert.Equal("3", (await staging.RootAsync("SELECT COUNT(*) FROM app.t")).Trim());
        Assert.Equal("0", (await staging.RootAsync("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app' AND table_name = 'scratch'")).Trim());
        Assert.Equal(accounts, await staging.RootAsync(Accounts));
        await AppAsync(staging, "INSERT INTO t (v) VALUES ('after'); SELECT v FROM names");
        Assert.Contains("Access denied", (await staging.AppAsync("SELECT 1", "appPasswordLive")).Output, StringComparison.Ordinal);

        // Once for each number, whatever runs it again; and it can be taken back.
        await SucceedsAsync(new CopyingJobs(Path.Combine(home, "staging"), bucket).FetchAsync(1));
        await SucceedsAsync(RestoreAsync());
        Assert.Equal("4", (await staging.RootAsync("SELECT COUNT(*) FROM app.t")).Trim());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(stagingScripts.Dumps, "from-1")));
        await SucceedsAsync(stagingScripts.RunAsync("restore.sh", ("TARGET", "primary"), ("NUMBER", "2"), ("BACKUP", "before-restore-1.sql.gz")));
        Assert.Equal("only in staging", (await staging.RootAsync("SELECT v FROM app.t")).Trim());

        await live.StopAsync();
        await staging.StopAsync();
        Directory.Delete(home, recursive: true);

        Task<(int Code, string Output)> RestoreAsync() => stagingScripts.RunAsync("restore.sh", ("TARGET", "primary"), ("NUMBER", "1"), ("BACKUP", ""), ("OWNER", "shop"));
    }

    private static async Task<MariaDbScripts> StartAsync(string home, string name, MariaDbServer server)
    {
        Directory.CreateDirectory(Path.Combine(home, name));
        await server.InitializeAsync();
        await server.StartAsync();
        await server.MakeAccountsAsync();
        return MariaDbScripts.Write(Path.Combine(home, name), server);
    }

    private static Task AppAsync(MariaDbServer server, string sql) => SucceedsAsync(server.AppAsync(sql));

    private static async Task SucceedsAsync(Task<(int Code, string Output)> running)
    {
        var (code, output) = await running;
        Assert.True(code == 0, output);
    }
}
