namespace Portal.Testing;

/// <summary>Where the machine keeps PostgreSQL's server programs, as Debian lays them out.</summary>
public static class PostgresInstallation
{
    private const string Root = "/usr/lib/postgresql";

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c> of the newest version.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says what to install.</exception>
    public static string FindBin(string root = Root)
    {
        var versions = Directory.Exists(root) ? Directory.GetDirectories(root) : [];
        return versions
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")))
            .OrderByDescending(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var version) ? version : 0)
            .FirstOrDefault()
            ?? throw new InvalidOperationException(
                $"These tests need a PostgreSQL server and found none in {root}/*/bin. Install it with \"apt-get install --no-install-recommends postgresql\", or start the tests with tests/run, which does so.");
    }
}
