using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for a database of somebody else: what is needed of it, and what of our own servers means nothing then.</summary>
internal static partial class ExternalMySqlRules
{
    private const string NoHost = "is no host name and no address of a database. Write one like db.shop.example or 10.20.3.4, which is not of the pod itself.";

    public static void Check(MySqlSpec spec, SpecCheck check)
    {
        var external = spec.External;
        var isUsed = spec.Source == MySqlSource.External;
        CheckNeeded("host", external.Host, "Name the server, or leave it empty.");
        CheckNeeded("database", external.Database, "Name the database, or leave it empty.");
        CheckNeeded("user", external.User, "Name who logs in, or leave it empty.");
        CheckNeeded("secretName", external.SecretName, "Name the Secret that holds password, or leave it empty.");
        check.That(isUsed || external.ReadHost is null, "mySql.external.readHost", "mySql.external.readHost is only for mySql.source external. Leave it empty.");
        CheckHost("host", external.Host);
        CheckHost("readHost", external.ReadHost);
        check.Range("mySql.external.port", external.Port, 1, 65_535, "");
        check.That(external.Database is null || DatabaseName().IsMatch(external.Database), "mySql.external.database",
            $"{UserText.Quote(external.Database)} is no name of a database. Use at most 64 letters, digits and _ $ -.");
        check.That(external.User is null || UserName().IsMatch(external.User), "mySql.external.user",
            $"{UserText.Quote(external.User)} is no name to log in with. Use at most 32 letters, digits and . _ @ -.");
        check.That(external.SecretName is null || (external.SecretName.Length <= 63 && SpecPatterns.ObjectName().IsMatch(external.SecretName)), "mySql.external.secretName",
            $"{UserText.Quote(external.SecretName)} is no name of a Secret. Use at most 63 lower-case letters, digits and hyphens.");

        void CheckNeeded(string field, string? value, string step) =>
            check.That((value is not null) == isUsed, $"mySql.external.{field}", $"mySql.external.{field} is set exactly when mySql.source is external. {step}");

        void CheckHost(string field, string? host) =>
            check.That(host is null || PublicAddress.IsElsewhere(host), $"mySql.external.{field}", $"{UserText.Quote(host)} {NoHost}");
    }

    /// <summary>Sizes of servers that there are none of may only be what the preset brings.</summary>
    public static void CheckNew(EnvironmentSpec spec, SpecCheck check) =>
        CheckUnused(spec.MySql, Presets.Create(spec.Preset, spec.Purpose, spec.HostName).MySql, check);

    public static void CheckChange(EnvironmentSpec spec, EnvironmentSpec current, SpecCheck check)
    {
        check.That(spec.MySql.Source == current.MySql.Source, "mySql.source", current.MySql.Source == MySqlSource.Dedicated
            ? "mySql.source is dedicated and stays: the servers would go, and what is in them would be left on volumes that nothing uses. Make a new environment with the external database, back up here, and load the backup there."
            : "mySql.source is external and stays: the environment would begin with an empty database while its data stays with its owner. Make a new environment, and load a dump of the external database there.");
        if (spec.MySql.Source != MySqlSource.External || current.MySql.Source != MySqlSource.External)
        {
            return;
        }

        CheckUnused(spec.MySql, current.MySql, check);
        var (wanted, now) = (spec.DayTwo, current.DayTwo);
        Unchanged("backups", wanted.Backups == now.Backups && wanted.IsBackingUp == now.IsBackingUp);
        Unchanged("restore.number", wanted.Restore == now.Restore);
        Unchanged("mySqlPrimary", wanted.MySqlPrimary == now.MySqlPrimary);
        Unchanged("mySqlCredential.version", wanted.MySqlCredential == now.MySqlCredential);
        Unchanged("restarts.mySql", wanted.Restarts.MySql == now.Restarts.MySql);

        void Unchanged(string field, bool isSame) => check.That(isSame, $"dayTwo.{field}", Elsewhere(spec.MySql));
    }

    /// <summary>Why nothing is done to it here, and who does it instead.</summary>
    public static string Elsewhere(MySqlSpec spec) =>
        $"MySQL is a database of others ({spec.External.Host}), which is not run here: its owner backs it up, restores, scales and restarts it. For another password put it into the Secret {spec.External.SecretName} and restart the services.";

    private static void CheckUnused(MySqlSpec spec, MySqlSpec known, SpecCheck check)
    {
        if (spec.Source != MySqlSource.External)
        {
            return;
        }

        foreach (var ((field, value), (_, expected)) in Sizes(spec).Zip(Sizes(known)))
        {
            check.That(value == expected, $"mySql.{field}", string.Create(CultureInfo.InvariantCulture,
                $"mySql.{field} is about servers of the environment's own, and mySql.source is external. Leave it at {expected}; the owner of the database decides such things."));
        }
    }

    private static IEnumerable<(string Field, int Value)> Sizes(MySqlSpec spec) =>
    [
        ("readReplicas", spec.ReadReplicas), ("storageGiB", spec.StorageGiB), ("size.cpuMillicores", spec.Size.CpuMillicores), ("size.memoryMiB", spec.Size.MemoryMiB),
        ("backupRetentionDays", spec.BackupRetentionDays), ("backupHour", spec.BackupHour), ("maxConnections", spec.MaxConnections),
    ];

    [GeneratedRegex(@"^[A-Za-z0-9_$-]{1,64}\z")]
    private static partial Regex DatabaseName();

    // Some managed services name the server behind an @.
    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,32}\z")]
    private static partial Regex UserName();
}
