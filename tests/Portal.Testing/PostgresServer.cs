using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Portal.Testing;

/// <summary>A real PostgreSQL of this test process alone: own data directory, reachable only by a socket inside it.</summary>
/// <remarks>
/// A small supervisor (postgres-supervisor.sh) owns the server and watches a pipe that this process holds open, so nothing stays
/// when the tests end, crash or are killed. What a killed supervisor left is swept at the next start.
/// </remarks>
internal sealed class PostgresServer
{
    private const string Prefix = "portal-pg-";

    private readonly Process _supervisor;
    private readonly string _directory;

    private PostgresServer(Process supervisor, string directory)
    {
        _supervisor = supervisor;
        _directory = directory;
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _directory,
        Username = "portal",
        Database = database,
        MaxPoolSize = 40,
        IncludeErrorDetail = true,
    }.ConnectionString;

    public static async Task<PostgresServer> StartAsync()
    {
        var bin = PostgresInstallation.FindBin();
        TemporaryDirectory.Sweep(Prefix, StopServerOf);
        var directory = TemporaryDirectory.Create(Prefix);
        var supervisor = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "postgres-supervisor.sh"), directory, bin },
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        var server = new PostgresServer(supervisor, directory);
        await server.WaitUntilReadyAsync();
        return server;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task WaitUntilReadyAsync() =>
        await Eventually.Holds(
            async () =>
            {
                if (_supervisor.HasExited)
                {
                    throw new InvalidOperationException($"PostgreSQL for the tests did not start: {await _supervisor.StandardError.ReadToEndAsync()}");
                }

                try
                {
                    await ExecuteAsync("SELECT 1");
                    return "";
                }
                catch (NpgsqlException notYet)
                {
                    return notYet.Message;
                }
            },
            trouble => trouble.Length == 0,
            "PostgreSQL for the tests to accept connections");

    private static void StopServerOf(string directory)
    {
        var pidFile = Path.Combine(directory, "data", "postmaster.pid");
        if (!File.Exists(pidFile) || File.ReadLines(pidFile).FirstOrDefault() is not { } pid)
        {
            return;
        }

        // A process number is given out again: only a process whose command line names this directory is that server.
        var commandLine = $"/proc/{pid}/cmdline";
        if (File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(directory, StringComparison.Ordinal))
        {
            using var server = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            server.Kill();
            server.WaitForExit(TimeSpan.FromSeconds(5));
        }
    }
}
