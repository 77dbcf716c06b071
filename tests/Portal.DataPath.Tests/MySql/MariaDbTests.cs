using Portal.Core.Environments.Specs;
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
        await AccountsAsync(primary);
        var (scripts, environment) = Scripts(home, primary.Port);

        await BackupScenario.RunAsync(
            async sql =>
            {
                var (code, output) = await primary.AppAsync(sql);
                Assert.True(code == 0, output);
            },
            count => Task.WhenAll(RowsAsync(primary, count), RowsAsync(replica, count)),
            async (script, variables) => await RunToEnd.Async("bash", [Path.Combine(scripts, script)], variables.Concat(environment).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)),
            Path.Combine(home, "dumps"));

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

    /// <summary>What the agent makes, with the rights that MariaDB has a word for.</summary>
    private static async Task AccountsAsync(MariaDbServer primary) => Assert.Equal("", await primary.RootAsync(
        """
        CREATE DATABASE app;
        CREATE DATABASE portal;
        CREATE TABLE portal.restores (number INT PRIMARY KEY, file VARCHAR(255) NOT NULL, finished_at TIMESTAMP NULL);
        CREATE USER app@'%' IDENTIFIED BY 'appPassword1';
        GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, EXECUTE, LOCK TABLES ON app.* TO app@'%';
        CREATE USER backup@'%' IDENTIFIED BY 'backupPassword1';
        GRANT SELECT, RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT, REPLICATION SLAVE, SHOW VIEW, TRIGGER, EVENT ON *.* TO backup@'%';
        CREATE USER restore@'%' IDENTIFIED BY 'restorePassword1';
        GRANT ALL ON app.* TO restore@'%';
        GRANT ALL ON portal.* TO restore@'%';
        GRANT PROCESS, CREATE USER, CONNECTION ADMIN, SET USER ON *.* TO restore@'%';
        """));

    private static (string Directory, IEnumerable<(string Name, string Value)> Environment) Scripts(string home, int port)
    {
        var stack = RenderedText.Stack(Presets.Create(Preset.Small, Purpose.Staging, "shop.apps.example"));
        var secrets = Path.Combine(home, "secrets");
        Directory.CreateDirectory(secrets);
        Directory.CreateDirectory(Path.Combine(home, "dumps"));
        foreach (var name in new[] { "backup", "restore" })
        {
            File.WriteAllText(Path.Combine(secrets, name), $"{name}Password1");
            RenderedText.Of(stack, "mysql-scripts", $"{name}.sh")
                .With("/run/secrets/mysql/", $"{secrets}/")
                .With("/dumps", $"{home}/dumps")
                .With(name == "backup" ? "-h \"$SOURCE\"" : "-h \"$TARGET\"", "-h 127.0.0.1 -P \"$PORT\"")
                .Save(home, $"{name}.sh");
        }

        return (home, [("PATH", $"{Wrappers(home)}:{Environment.GetEnvironmentVariable("PATH")}"), ("PORT", $"{port}"), ("DATABASE", "app"), ("KEEP_DAYS", "7")]);
    }

    /// <summary>MariaDB's own client programs under MySQL's names; mysqldump without the one option that MariaDB does not have.</summary>
    private static string Wrappers(string home)
    {
        var bin = Path.Combine(home, "bin");
        foreach (var (name, text) in new[]
        {
            ("mysql", "#!/bin/bash\nexec mariadb --no-defaults \"$@\"\n"),
            ("mysqldump", "#!/bin/bash\nwords=()\nfor word in \"$@\"; do case $word in --set-gtid-purged=OFF) ;; *) words+=(\"$word\") ;; esac; done\nexec mariadb-dump --no-defaults \"${words[@]}\"\n"),
        })
        {
            StandIn.Write(bin, name, text);
        }

        return bin;
    }

    private static async Task RowsAsync(MariaDbServer server, int count) => await Eventually.Holds(
        () => server.RootAsync("SELECT COUNT(*) FROM app.t"), answer => answer.Trim() == $"{count}", $"{count} rows on the server at {server.Port}");
}
