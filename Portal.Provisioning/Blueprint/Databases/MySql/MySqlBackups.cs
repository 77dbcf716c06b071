using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Databases.MySql;

/// <summary>The nightly dump, a dump that was asked for, and a restore: one claim holds the dumps, and only Jobs use it.</summary>
/// <remarks>
/// A Job is there while it is still to be done; the engine then takes it out of the spec. Its name follows its content, so a new version of a script makes it a new Job:
/// both scripts keep the number that they did, and do nothing the second time.
/// </remarks>
internal static class MySqlBackups
{
    private const int DeadlineSeconds = 4 * 3600;

    /// <summary>How old the last nightly dump may be: a day, the hour in which it may start late, and its own time.</summary>
    public const int MaxAgeSeconds = 86_400 + Jobs.StartingDeadlineSeconds + DeadlineSeconds;

    /// <summary>Names the Job of a pod; the cluster puts it there.</summary>
    private const string JobLabel = "metadata.labels['batch.kubernetes.io/controller-uid']";

    public static void Render(StackContext stack)
    {
        var nightly = Workload(stack, Names.MySqlBackup, Roles.Backup);
        Claims.AddForJobs(nightly, Names.MySqlDumps, stack.Spec.MySql.StorageGiB);
        Jobs.AddCron(nightly, $"{Text(stack.OwnMinute)} {Text(stack.Spec.MySql.BackupHour)} * * *", Dump(stack, Env.Field("JOB", JobLabel)), DeadlineSeconds);
        if (stack.Spec.DayTwo is { IsBackingUp: true, Backups: var backup })
        {
            Jobs.Add(Workload(stack, $"{Names.MySqlBackup}-once-{Text(backup)}", Roles.Backup), Dump(stack, Env.Value("NUMBER", Text(backup))), DeadlineSeconds);
        }

        if (stack.Spec.DayTwo.Restore is { IsOpen: true } restore)
        {
            // What it refuses it would refuse again.
            Jobs.Add(Workload(stack, $"mysql-restore-{Text(restore.Number)}", Roles.Restore), Restore(stack, restore), DeadlineSeconds, tries: 3);
        }
    }

    private static PodPlan Dump(StackContext stack, JsonObject once)
    {
        var dump = Pod("dump", ["/bin/bash", "/scripts/backup.sh"], [Env.Value("SOURCE", Names.MySqlRead), .. Shared(stack), once], (MySqlLayer.BackupPassword, "backup"));
        return stack.Platform.ObjectStore is { } store ? BackupCopies.ThenUpload(stack, dump, store) : dump;
    }

    private static PodPlan Restore(StackContext stack, RestoreSpec wanted)
    {
        var restore = Pod(
            "restore",
            ["/bin/bash", "/scripts/restore.sh"],
            [
                Env.Value("TARGET", Names.MySqlPrimary), Env.Value("NUMBER", Text(wanted.Number)), Env.Value("BACKUP", wanted.Backup ?? ""), .. Shared(stack),
                .. wanted.From is { } from ? [Env.Value("OWNER", from.Namespace)] : Array.Empty<JsonObject>(),
            ],
            (MySqlLayer.RestorePassword, "restore"), (MySqlLayer.BackupPassword, "backup"));
        // Without a store nothing is fetched, and the script says so: never a backup of its own instead.
        return wanted.From is { } owner && stack.Platform.ObjectStore is { } store ? BackupCopies.FetchThen(stack, wanted, owner, restore, store) : restore;
    }

    private static JsonObject[] Shared(StackContext stack) =>
        [Env.Value("DATABASE", MySqlLayer.Database), Env.Value("KEEP_DAYS", Text(stack.Spec.MySql.BackupRetentionDays))];

    private static PodPlan Pod(string name, string[] command, IReadOnlyList<JsonObject> env, params ReadOnlySpan<(string Secret, string File)> passwords)
    {
        var container = new ContainerPlan(name, Images.MySql, new PodSize(100, 512))
        {
            Command = command,
            Env = env,
            Mounts = [Volumes.Mount("dumps", "/dumps"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("scripts", "/scripts"), Volumes.ReadOnly("credentials", "/run/secrets/mysql")],
        };
        return new(Users.MySql, [container])
        {
            GraceSeconds = 30,
            Volumes = [Volumes.Claim("dumps", Names.MySqlDumps), Volumes.Empty("tmp", 64), Volumes.ConfigMap("scripts", MySqlLayer.Scripts), Volumes.Credentials("credentials", passwords)],
        };
    }

    private static Workload Workload(StackContext stack, string name, string role) => new(stack, Component.MySql, "mysql", name, role);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
