namespace Portal.DataPath.Tests.MySql;

/// <summary>The MySQL server itself, where this machine has one: Debian's stable release has only MariaDB, which speaks another dialect.</summary>
internal static class RealMySql
{
    public const string Missing = "There is no MySQL server on the PATH (a mysqld that is not MariaDB's): the agent's statements are MySQL's own.";

    /// <summary>Directory of <c>mysqld</c> and, beside it or on the PATH, its client programs; null when there is none.</summary>
    public static string? Directory { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsMySql);

    private static bool IsMySql(string directory)
    {
        var server = Path.Combine(directory, "mysqld");
        if (!File.Exists(server))
        {
            return false;
        }

        using var version = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(server, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = version.StandardOutput.ReadToEnd();
        version.WaitForExit();
        return said.Contains("Ver ", StringComparison.Ordinal) && !said.Contains("MariaDB", StringComparison.Ordinal);
    }
}
