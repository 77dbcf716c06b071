using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Databases.MySql;

/// <summary>MySQL: one primary, read replicas that follow it by GTID, a nightly dump.</summary>
/// <remarks>
/// One template serves every pod; an agent beside each server makes it what the topology says, primary or replica, and keeps it so.
/// </remarks>
internal static class MySqlLayer
{
    public const string AppPassword = "mysql-app";

    private const string RootPassword = "mysql-root";
    private const string ReplicationPassword = "mysql-replication";
    private const string ClonePassword = "mysql-clone";
    private const string ExporterPassword = "mysql-exporter";
    private const string BackupPassword = "mysql-backup";
    private const string Config = "mysql-conf";
    private const string Scripts = "mysql-scripts";
    private const string Topology = "mysql-topology";
    private const string Folder = "Databases/MySql/";

    public static void Render(StackContext stack)
    {
        var servers = new Workload(stack, Component.MySql, "mysql", Names.MySqlNodes, Roles.Server);
        foreach (var credential in new[] { RootPassword, ReplicationPassword, ClonePassword, AppPassword, ExporterPassword, BackupPassword })
        {
            Credentials.AddPassword(stack, Component.MySql, credential);
        }

        ConfigMaps.AddLive(stack, Component.MySql, Topology, ("primary", Address(stack, "mysql-0")));
        ConfigMaps.Add(stack, Component.MySql, Config, ("stack.cnf", ServerConfig(stack.Spec.MySql)));
        ConfigMaps.Add(stack, Component.MySql, Scripts, ("agent.sh", Template.Fill(Folder + "agent.sh")), ("backup.sh", Template.Fill(Folder + "backup.sh")));
        ServiceObjects.AddHeadless(servers, Names.MySqlNodes, ("mysql", Ports.MySql));
        ServiceObjects.Add(servers, Names.MySqlPrimary, Ports.MySql, "mysql", onlyPod: ("statefulset.kubernetes.io/pod-name", "mysql-0"));
        ServiceObjects.Add(servers, Names.MySqlRead, Ports.MySql, "mysql");
        StatefulSets.Add(servers, 1 + stack.Spec.MySql.ReadReplicas, Names.MySqlNodes, ServerPod(stack), stack.Spec.MySql.StorageGiB, isOrdered: true);
        VerticalAutoscalers.Recommend(servers, "StatefulSet", "mysql");
        Backup(stack);
    }

    private static PodPlan ServerPod(StackContext stack)
    {
        string[] ping = ["mysqladmin", "--socket=/run/mysqld/mysqld.sock", "ping"];
        var agent = new ContainerPlan("agent", Images.MySql, new PodSize(20, 96))
        {
            IsSidecar = true,
            Command = ["/bin/bash", "/scripts/agent.sh"],
            Env =
            [
                Env.Field("POD_NAME", "metadata.name"),
                Env.Value("MY_ADDR", Address(stack, "$(POD_NAME)")),
                Env.Value("DATABASE", "app"),
            ],
            Mounts =
            [
                Volumes.Mount("run", "/run/mysqld"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("scripts", "/scripts"),
                Volumes.ReadOnly("topology", "/topology"), Volumes.ReadOnly("credentials", "/run/secrets/mysql"),
            ],
        };
        var server = new ContainerPlan("mysql", Images.MySql, stack.Spec.MySql.Size)
        {
            Args = ["mysqld", "--defaults-file=/etc/mysql-stack/stack.cnf", "--server-id=10$(POD_INDEX)", $"--report-host={stack.Dns(Names.MySqlNodes, "$(POD_NAME)")}"],
            Env =
            [
                Env.Field("POD_NAME", "metadata.name"),
                Env.Field("POD_INDEX", "metadata.labels['apps.kubernetes.io/pod-index']"),
                Env.Value("MYSQL_ROOT_PASSWORD_FILE", "/run/secrets/mysql/root"),
                Env.Value("MYSQL_ROOT_HOST", "localhost"),
                Env.Value("MYSQL_INITDB_SKIP_TZINFO", "1"),
            ],
            Ports = [("mysql", Ports.MySql)],
            Mounts =
            [
                Volumes.Mount("data", "/var/lib/mysql"), Volumes.Mount("run", "/run/mysqld"), Volumes.Mount("tmp", "/tmp"),
                Volumes.ReadOnly("conf", "/etc/mysql-stack"), Volumes.ReadOnly("credentials", "/run/secrets/mysql"),
            ],
            DiskMiB = 2048,
            Startup = Probes.Exec(ping, period: 5, failures: 360),
            Live = Probes.Exec(ping, period: 15, failures: 6),
            Ready = Probes.Exec(["test", "-e", "/run/mysqld/state/ready"], period: 5, failures: 2),
            PreStop = Probes.Sleep(5),
        };
        var exporter = Exporters.Container(
            Images.MySqlExporter, Ports.MySqlMetrics,
            [$"--mysqld.address=127.0.0.1:{Ports.MySql}", "--mysqld.username=exporter", "--collect.slave_status", "--collect.info_schema.innodb_metrics"],
            [Env.Secret("MYSQLD_EXPORTER_PASSWORD", ExporterPassword)]);
        return new PodPlan(Users.MySql, [server, exporter])
        {
            Init = [agent],
            GraceSeconds = 180,
            Volumes =
            [
                Volumes.Empty("run", 1024), Volumes.Empty("tmp", 1024), Volumes.ConfigMap("conf", Config), Volumes.ConfigMap("scripts", Scripts), Volumes.ConfigMap("topology", Topology),
                Volumes.Credentials("credentials", (RootPassword, "root"), (ReplicationPassword, "repl"), (ClonePassword, "clone"), (AppPassword, "app"), (ExporterPassword, "exporter"), (BackupPassword, "backup")),
            ],
        };
    }

    private static void Backup(StackContext stack)
    {
        var workload = new Workload(stack, Component.MySql, "mysql", Names.MySqlBackup, Roles.Backup);
        Claims.AddForJobs(workload, Names.MySqlDumps, stack.Spec.MySql.StorageGiB);
        var dump = new ContainerPlan("dump", Images.MySql, new PodSize(100, 512))
        {
            Command = ["/bin/bash", "/scripts/backup.sh"],
            Env = [Env.Value("SOURCE", Names.MySqlRead), Env.Value("KEEP_DAYS", Text(stack.Spec.MySql.BackupRetentionDays))],
            Mounts = [Volumes.Mount("dumps", "/dumps"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("scripts", "/scripts"), Volumes.ReadOnly("credentials", "/run/secrets/mysql")],
        };
        Jobs.AddCron(workload, "17 2 * * *", new PodPlan(Users.MySql, [dump])
        {
            GraceSeconds = 30,
            Volumes = [Volumes.Claim("dumps", Names.MySqlDumps), Volumes.Empty("tmp", 64), Volumes.ConfigMap("scripts", Scripts), Volumes.Credentials("credentials", (BackupPassword, "backup"))],
        }, deadlineSeconds: 14400);
    }

    private static string ServerConfig(MySqlSpec spec) => Template.Fill(
        Folder + "stack.cnf",
        ("MAX_CONNECTIONS", Text(Math.Clamp(spec.Size.MemoryMiB / 10, 100, 1000))),
        // What a small server needs beside its buffers is a larger share of it.
        ("BUFFER_POOL", Text(spec.Size.MemoryMiB * (spec.Size.MemoryMiB <= 2048 ? 45 : 60) / 100)),
        ("REDO", Text(Math.Clamp(spec.Size.MemoryMiB / 8, 100, 2048))));

    private static string Address(StackContext stack, string pod) => $"{stack.Dns(Names.MySqlNodes, pod)}:{Ports.MySql}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
