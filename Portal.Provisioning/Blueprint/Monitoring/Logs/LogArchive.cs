using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Logs;

/// <summary>Keeps log lines as compressed files, one for each day, for longer than Loki does.</summary>
/// <remarks>
/// The files are JSON lines on a claim of their own, as large as Loki's volume: a longer archive needs a larger <c>logs.storageGiB</c>.
/// They are read without Loki, and outlive it.
/// </remarks>
internal static class LogArchive
{
    private const string Name = "logs-archive";
    private const string Scripts = "logs-archive-scripts";

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Logs, "logs-archive", Names.LogsArchive, Roles.Archive);
        Claims.AddForJobs(workload, Names.LogsArchive, stack.Spec.Logs.StorageGiB);
        ConfigMaps.Add(stack, Component.Logs, Scripts, ("archive.sh", Template.Fill("Monitoring/Logs/archive.sh")));
        var archive = new ContainerPlan("archive", Images.Kubectl, new PodSize(100, 256))
        {
            Command = ["/bin/bash", "/scripts/archive.sh"],
            Env =
            [
                Env.Value("LOKI", $"http://{Names.Loki}:{Ports.Loki}"),
                Env.Value("ARCHIVE", "/archive"),
                Env.Value("KEEP_DAYS", Text(stack.Spec.Logs.ArchiveDays)),
                // A night that failed is made up for while Loki still has its lines.
                Env.Value("LOOK_BACK_DAYS", Text(Math.Clamp(stack.Spec.Logs.RetentionDays - 1, 1, 7))),
                Env.Value("PAGE", "5000"),
            ],
            Mounts = [Volumes.Mount("archive", "/archive"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("scripts", "/scripts")],
            DiskMiB = 192,
        };
        // Long enough after midnight for the last lines of the day to have arrived.
        Jobs.AddCron(workload, $"{Text(30 + (stack.OwnMinute / 2))} 0 * * *", new PodPlan(Users.Loki, [archive])
        {
            GraceSeconds = 10,
            Volumes = [Volumes.Claim("archive", Names.LogsArchive), Volumes.Empty("tmp", 128), Volumes.ConfigMap("scripts", Scripts)],
        }, deadlineSeconds: 21_600);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
