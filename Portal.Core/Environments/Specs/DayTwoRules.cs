using System.Text.RegularExpressions;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for what day-2 operations write into a spec.</summary>
internal static partial class DayTwoRules
{
    private const int Often = 1_000_000;

    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        var dayTwo = spec.DayTwo;
        check.Range("dayTwo.mySqlPrimary", dayTwo.MySqlPrimary, 0, spec.MySql.ReadReplicas, "");
        foreach (var (name, count) in Counts(dayTwo))
        {
            check.Range($"dayTwo.{name}", count, 0, Often, "");
        }

        check.Each("dayTwo.drainedLocations", dayTwo.DrainedLocations, 9, location => location.Length <= 20 && SpecPatterns.Label().IsMatch(location), "is no location name. Use the operation to drain a location.");
        check.Unique("dayTwo.drainedLocations", dayTwo.DrainedLocations, "is named twice.");
        check.That(spec.Edge.Locations.Count == 0 || spec.LocationsInService().Count > 0, "edge.locations",
            "Every edge location would be drained: nobody would answer. Keep one that is in service, or take one back first.");
        foreach (var (name, credential) in Credentials(dayTwo))
        {
            check.Range($"dayTwo.{name}.version", credential.Version, 1, Often, "");
            check.That(credential is not { Version: 1, KeepsPrevious: true }, $"dayTwo.{name}.keepsPrevious", $"dayTwo.{name} is the first edition; there is none before it to keep.");
        }

        check.That(dayTwo.Restore.Backup is null || BackupFile().IsMatch(dayTwo.Restore.Backup), "dayTwo.restore.backup",
            $"{UserText.Quote(dayTwo.Restore.Backup)} is no name of a backup. It is a file name like app-20261127T020000Z.sql.gz.");
        CheckOwner(dayTwo.Restore, check);
        check.That(dayTwo.Backups > 0 || !dayTwo.IsBackingUp, "dayTwo.isBackingUp", "dayTwo.isBackingUp needs a backup that was asked for. Use the operation to back up.");
        check.That(dayTwo.Restore.Number > 0 || dayTwo.Restore is { Backup: null, IsOpen: false, From: null }, "dayTwo.restore.backup", "dayTwo.restore names a backup and no restore that uses it. Use the operation to restore.");
    }

    /// <summary>What may happen to them between one spec and the next: counters grow, and a credential goes through its editions one by one.</summary>
    public static void CheckChange(DayTwoSpec spec, DayTwoSpec current, SpecCheck check)
    {
        foreach (var ((name, wanted), (_, now)) in Counts(spec).Zip(Counts(current)))
        {
            check.Grows($"dayTwo.{name}", wanted, now);
        }

        check.That(!spec.Paused || spec.MySqlPrimary == current.MySqlPrimary, "dayTwo.mySqlPrimary",
            $"Servers that rest hand nothing over, so mysql-{current.MySqlPrimary} keeps the writes over a pause. Wake the environment and promote another server then.");
        foreach (var ((name, wanted), (_, now)) in Credentials(spec).Zip(Credentials(current)))
        {
            var isNext = wanted == new CredentialVersion(now.Version + 1, true) && !now.KeepsPrevious;
            check.That(wanted == now || wanted == now with { KeepsPrevious = false } || isNext, $"dayTwo.{name}.version",
                $"dayTwo.{name} is edition {now.Version}{(now.KeepsPrevious ? ", and the one before is still being replaced" : "")}. The next one is edition {now.Version + 1}, which keeps the one before until all have changed over.");
        }
    }

    /// <summary>A new environment has no past.</summary>
    public static void CheckNew(EnvironmentSpec spec, SpecCheck check) =>
        check.That(IsUntouched(spec.DayTwo), "dayTwo", "dayTwo holds what operations have done to a running environment. Leave it out of a new one.");

    // Records compare lists by reference.
    private static bool IsUntouched(DayTwoSpec spec)
    {
        var untouched = new DayTwoSpec();
        return spec.DrainedLocations.Count == 0 && spec with { DrainedLocations = untouched.DrainedLocations } == untouched;
    }

    private static void CheckOwner(RestoreSpec restore, SpecCheck check)
    {
        if (restore.From is not { } owner)
        {
            return;
        }

        check.That(owner.Namespace.Length <= 63 && SpecPatterns.Label().IsMatch(owner.Namespace), "dayTwo.restore.from.namespace", $"{UserText.Quote(owner.Namespace)} is no namespace. Use the operation to restore.");
        check.That(EnvironmentId.Parse(owner.Environment)?.ToString() == owner.Environment, "dayTwo.restore.from.environment", $"{UserText.Quote(owner.Environment)} is no id of an environment. Use the operation to restore.");
        check.That(restore.Backup?.StartsWith("app-", StringComparison.Ordinal) != false, "dayTwo.restore.backup",
            $"{UserText.Quote(restore.Backup)} is not in the object store: only backups named app-TIME.sql.gz are copied there. Name one of those, or none for the newest.");
    }

    private static IEnumerable<(string Name, int Count)> Counts(DayTwoSpec spec) =>
    [
        ("cachePurges", spec.CachePurges), ("edgeCertificates", spec.EdgeCertificates), ("backups", spec.Backups), ("restore.number", spec.Restore.Number),
        .. RestartCounts.Restartable.Select(component => ($"restarts.{RestartCounts.NameOf(component)}", spec.Restarts.Of(component))),
    ];

    private static IEnumerable<(string Name, CredentialVersion Credential)> Credentials(DayTwoSpec spec) =>
        [("mySqlCredential", spec.MySqlCredential), ("redisCredential", spec.RedisCredential), ("pubSubCredential", spec.PubSubCredential), ("loadBalancerCertificate", spec.LoadBalancerCertificate)];

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.sql\.gz\z")]
    private static partial Regex BackupFile();
}
