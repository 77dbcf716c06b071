using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Portal.Core.Persistence;

namespace Portal.Web.Options;

/// <summary>Turns the configuration into <see cref="PortalSettings"/>, or into every problem that it has.</summary>
public static class PortalSettingsReader
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <exception cref="StartupException">Something is wrong; it lists everything that is.</exception>
    public static PortalSettings Read(IConfiguration configuration, string currentDirectory)
    {
        var reader = new SettingsReader(configuration);
        var dataDirectory = Path.GetFullPath(reader.Text(SettingKeys.DataDirectory) ?? ".data", currentDirectory);
        var urls = Listeners.Read(configuration, reader);
        var database = Database(reader, dataDirectory);
        var cluster = ClusterSettingsReader.Read(reader, currentDirectory);
        if (!database.IsPostgres || cluster.IsSandbox)
        {
            PrepareDirectory(reader, dataDirectory);
        }

        var (digests, toComplete) = DigestSettingsReader.Read(reader, currentDirectory);
        var settings = new PortalSettings(
            database,
            cluster,
            dataDirectory,
            urls,
            DemoExposed(reader, urls),
            reader.Number(SettingKeys.RequestsPerMinute, missing: 600, min: 1, max: 1_000_000),
            PlatformSettingsReader.Read(reader) with { Digests = digests })
        {
            DigestsToComplete = toComplete,
        };
        reader.RefuseUnknown();
        return reader.Problems.Count == 0 ? settings : throw new StartupException(reader.Problems);
    }

    private static DatabaseSettings Database(SettingsReader reader, string dataDirectory)
    {
        if (reader.Text(SettingKeys.Database) is not { } text)
        {
            return DatabaseSettings.Sqlite(Path.Combine(dataDirectory, "portal.db"));
        }

        // The text may hold a password, so no message repeats it.
        const string expected = "Write a PostgreSQL connection string, for example Host=db.example;Database=portal;Username=portal;Password=...";
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            if (!parts.ContainsKey("Host") && !parts.ContainsKey("Server"))
            {
                reader.Problem(SettingKeys.Database, $"it names no Host. {expected}");
            }
        }
        catch (ArgumentException)
        {
            reader.Problem(SettingKeys.Database, $"it is not a connection string. {expected}");
        }

        return DatabaseSettings.Postgres(text);
    }

    private static void PrepareDirectory(SettingsReader reader, string directory)
    {
        try
        {
            CreatePrivate(directory);
            var probe = Path.Combine(directory, $".write-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            reader.Problem(SettingKeys.DataDirectory, $"\"{directory}\" cannot be written to. Name a folder that the portal may create files in.");
        }
    }

    /// <summary>A folder that is new is the owner's alone: it will hold the keys that sign cookies, and a cluster's token.</summary>
    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool DemoExposed(SettingsReader reader, IReadOnlyList<string> urls)
    {
        var allowed = reader.Flag(SettingKeys.DemoAllowNonLoopback);
        var open = urls.Where(url => Listeners.IsAddress(url) && !Listeners.IsLoopback(url)).ToList();
        if (open.Count > 0 && !allowed)
        {
            reader.Problem(SettingKeys.Urls,
                $"\"{string.Join(';', open)}\" can be reached from other machines, and sign-in is in demo mode, where anyone may be anyone. "
                + $"Listen on a loopback address such as {DefaultUrl}, or set {SettingKeys.DemoAllowNonLoopback} to true for a demo that nobody depends on.");
        }

        return open.Count > 0 && allowed;
    }
}
