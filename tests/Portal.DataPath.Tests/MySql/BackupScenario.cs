namespace Portal.DataPath.Tests.MySql;

/// <summary>What backup and restore have to do, on whichever server.</summary>
internal static class BackupScenario
{
    /// <param name="application">Runs SQL as the application; fails when it is refused.</param>
    /// <param name="rows">Waits until table t has as many rows on each server.</param>
    /// <param name="script">Runs a rendered script with these variables beside those that each run has.</param>
    public static async Task RunAsync(
        Func<string, Task> application, Func<int, Task> rows, Func<string, (string Name, string Value)[], Task<(int Code, string Output)>> script, string dumps)
    {
        await application(
            """
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40));
            INSERT INTO t (v) VALUES ('a'), ('b'), ('c');
            CREATE TABLE log (id INT);
            CREATE TRIGGER t_log BEFORE INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1);
            CREATE VIEW names AS SELECT v FROM t
            """);
        await rows(3);

        Assert.Equal(0, await RunAsync("backup.sh", ("SOURCE", "primary"), ("NUMBER", "1")));
        var backup = Path.GetFileName(Assert.Single(Directory.GetFiles(dumps, "*.sql.gz")));
        Assert.Matches("^app-[0-9]{8}T[0-9]{6}Z\\.sql\\.gz$", backup);
        Assert.Equal(0, await RunAsync("backup.sh", ("SOURCE", "primary"), ("NUMBER", "1")));
        Assert.Single(Directory.GetFiles(dumps, "*.sql.gz"));

        await application("DELETE FROM t; INSERT INTO t (v) VALUES ('later'); DROP VIEW names");
        await rows(1);

        Assert.Contains("there is no backup app-other.sql.gz", await RefusedAsync("app-other.sql.gz"), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(dumps, "cut.sql.gz"), (await File.ReadAllBytesAsync(Path.Combine(dumps, backup)))[..^40]);
        Assert.Contains("cut.sql.gz is damaged", await RefusedAsync("cut.sql.gz"), StringComparison.Ordinal);
        await rows(1);

        Assert.Equal(0, await RunAsync("restore.sh", ("TARGET", "primary"), ("NUMBER", "2"), ("BACKUP", "")));
        await rows(3);
        // The trigger and the view came along, and the application may write again.
        await application("INSERT INTO t (v) VALUES ('after'); SELECT v FROM names");
        await rows(4);

        Assert.Equal(0, await RunAsync("restore.sh", ("TARGET", "primary"), ("NUMBER", "2"), ("BACKUP", "")));
        await rows(4);

        // And it can be taken back.
        Assert.Equal(0, await RunAsync("restore.sh", ("TARGET", "primary"), ("NUMBER", "3"), ("BACKUP", "before-restore-2.sql.gz")));
        await rows(1);

        async Task<int> RunAsync(string name, params (string Name, string Value)[] variables)
        {
            var (code, output) = await script(name, variables);
            return code == 0 ? 0 : throw new InvalidOperationException($"{name} ended with {code}: {output}");
        }

        async Task<string> RefusedAsync(string file)
        {
            var (code, output) = await script("restore.sh", [("TARGET", "primary"), ("NUMBER", "1"), ("BACKUP", file)]);
            Assert.NotEqual(0, code);
            return output;
        }
    }
}
