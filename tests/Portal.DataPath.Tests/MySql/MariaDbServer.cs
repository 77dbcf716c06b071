using System.Globalization;
using Portal.DataPath.Tests.Programs;

namespace Portal.DataPath.Tests.MySql;

/// <summary>A MariaDB server, which stands in for MySQL where Debian has no other: same protocol, same dump, another replication dialect.</summary>
internal sealed class MariaDbServer(string home, int number, int port) : IAsyncDisposable
{
    private LocalProgram? _server;

    public int Port => port;

    /// <summary>What the passwords of its accounts end in: two environments have none in common.</summary>
    public string Edition { get; init; } = "1";

    private string DataDirectory => Path.Combine(home, $"mariadb-{Text(number)}");

    // A server that starts removes what looks like temporary tables from where it keeps its own: with a directory for all, those of a server that is at work.
    private string Temporary => Path.Combine(home, $"mariadb-{Text(number)}.tmp");

    private string Socket => Path.Combine(home, $"mariadb-{Text(number)}.sock");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Temporary);
        var (code, output) = await RunToEnd.Async(
            "mariadb-install-db", ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", $"--datadir={DataDirectory}", $"--tmpdir={Temporary}", .. AsUser()]);
        Assert.True(code == 0, output);
    }

    public async Task StartAsync()
    {
        _server = LocalProgram.Start(Path.Combine(home, $"mariadb-{Text(number)}.log"), "mariadbd",
        [
            "--no-defaults", $"--datadir={DataDirectory}", $"--tmpdir={Temporary}", $"--socket={Socket}", $"--port={Text(port)}", "--bind-address=127.0.0.1", $"--server-id=10{Text(number)}",
            "--log-bin=binlog", "--log-slave-updates=ON", "--gtid-strict-mode=ON", "--binlog-format=ROW", "--skip-name-resolve", "--log-bin-trust-function-creators=ON", "--innodb-buffer-pool-size=64M", .. AsUser(),
        ]);
        await _server.UntilAsync(async () => (await RootAsync("SELECT 1")).Trim() == "1", "the server answers");
    }

    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public async Task<string> RootAsync(string sql) => (await RunToEnd.Async("mariadb", ["--no-defaults", "-uroot", $"--socket={Socket}", "-N", "-B"], input: sql + "\n")).Output;

    public Task<(int Code, string Output)> AppAsync(string sql) => AppAsync(sql, $"appPassword{Edition}");

    public async Task<(int Code, string Output)> AppAsync(string sql, string password) => await RunToEnd.Async(
        "mariadb", ["--no-defaults", "-uapp", "-h127.0.0.1", $"-P{Text(port)}", "app", "-N", "-B"], new Dictionary<string, string> { ["MYSQL_PWD"] = password }, sql + "\n");

    /// <summary>What the agent makes, with the rights that MariaDB has a word for.</summary>
    public async Task MakeAccountsAsync() => Assert.Equal("", await RootAsync(
        $"""
        CREATE DATABASE app;
        CREATE DATABASE portal;
        CREATE TABLE portal.restores (number INT PRIMARY KEY, file VARCHAR(255) NOT NULL, finished_at TIMESTAMP NULL);
        CREATE USER app@'%' IDENTIFIED BY 'appPassword{Edition}';
        GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, EXECUTE, LOCK TABLES ON app.* TO app@'%';
        CREATE USER backup@'%' IDENTIFIED BY 'backupPassword{Edition}';
        GRANT SELECT, RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT, REPLICATION SLAVE, SHOW VIEW, TRIGGER, EVENT ON *.* TO backup@'%';
        CREATE USER restore@'%' IDENTIFIED BY 'restorePassword{Edition}';
        GRANT ALL ON app.* TO restore@'%';
        GRANT ALL ON portal.* TO restore@'%';
        GRANT PROCESS, CREATE USER, CONNECTION ADMIN, SET USER ON *.* TO restore@'%';
        """));

    public async ValueTask DisposeAsync() => await StopAsync();

    private static string[] AsUser() => Environment.UserName == "root" ? ["--user=root"] : [];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
