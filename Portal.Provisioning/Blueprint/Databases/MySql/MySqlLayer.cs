using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Databases.MySql;

/// <summary>MySQL: one primary, and read replicas that follow it by GTID.</summary>
/// <remarks>
/// One template serves every pod; an agent beside each server makes it what the topology says, primary or replica, and keeps it so.
/// </remarks>
internal static class MySqlLayer
{
    /// <summary>Plain name of the application's password, see <see cref="AppCredential"/>.</summary>
    private const string AppPassword = "mysql-app";

    /// <summary>The database that belongs to the application.</summary>
    public const string Database = "app";

    internal const string BackupPassword = "mysql-backup";
    internal const string RestorePassword = "mysql-restore";
    internal const string Scripts = "mysql-scripts";

    private const string RootPassword = "mysql-root";
    private const string ReplicationPassword = "mysql-replication";
    private const string ClonePassword = "mysql-clone";
    private const string ExporterPassword = "mysql-exporter";
    private const string Config = "mysql-conf";
    private const string Topology = "mysql-topology";
    private const string Folder = "Databases/MySql/";

    private static readonly string[] s_scripts = ["agent.sh", "backup.sh", "restore.sh"];

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.MySql;
        if (spec.IsExternal())
        {
            ExternalMySql.Render(stack);
            return;
        }

        var servers = new Workload(stack, Component.MySql, "mysql", Names.MySqlNodes, Roles.Server);
        string[] passwords = [RootPassword, ReplicationPassword, ClonePassword, ExporterPassword, BackupPassword, RestorePassword, .. Accepted(stack).Select(app => app.Secret)];
        foreach (var credential in passwords)
        {
            Credentials.AddPassword(stack, Component.MySql, credential);
        }

        var primary = Pod(stack.Spec.DayTwo.MySqlPrimary);
        ConfigMaps.AddLive(stack, Component.MySql, Topology,
            ("primary", Address(stack, primary)),
            ("servers", string.Concat(Enumerable.Range(0, 1 + spec.ReadReplicas).Select(server => $"{Address(stack, Pod(server))}\n"))));
        ConfigMaps.Add(stack, Component.MySql, Config, ("stack.cnf", ServerConfig(spec)));
        ConfigMaps.Add(stack, Component.MySql, Scripts, [.. s_scripts.Select(script => (script, Template.Fill(Folder + script)))]);
        ServiceObjects.AddHeadless(servers, Names.MySqlNodes, ("mysql", Ports.MySql));
        ServiceObjects.Add(servers, Names.MySqlPrimary, Ports.MySql, "mysql", onlyPod: ("statefulset.kubernetes.io/pod-name", primary));
        ServiceObjects.Add(servers, Names.MySqlRead, Ports.MySql, "mysql");
        // Side by side: a server that waits for the primary must not keep the primary from being started.
        StatefulSets.Add(servers, 1 + spec.ReadReplicas, Names.MySqlNodes, ServerPod(stack), spec.StorageGiB);
        VerticalAutoscalers.Recommend(servers, "StatefulSet", "mysql");
        MySqlBackups.Render(stack);
    }

    /// <summary>How the services find it, whoever runs it.</summary>
    public static IEnumerable<(string Name, string Value)> Endpoints(MySqlSpec spec) => spec.IsExternal()
        ? ExternalMySql.Endpoints(spec.External)
        : [("MYSQL_PRIMARY", $"{Names.MySqlPrimary}:{Ports.MySql}"), ("MYSQL_READ", $"{Names.MySqlRead}:{Ports.MySql}"), ("MYSQL_DATABASE", Database), ("MYSQL_USER", "app")];

    /// <summary>The Secret with the password that the services log in with.</summary>
    public static string PasswordSecret(EnvironmentSpec spec) => spec.MySql.IsExternal() ? spec.MySql.External.SecretName! : AppCredential.Current(AppPassword, spec.DayTwo.MySqlCredential);

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
                Env.Value("DATABASE", Database),
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
                Volumes.Credentials("credentials", [(RootPassword, "root"), (ReplicationPassword, "repl"), (ClonePassword, "clone"), (ExporterPassword, "exporter"), (BackupPassword, "backup"), (RestorePassword, "restore"), .. Accepted(stack)]),
            ],
        };
    }

    private static string ServerConfig(MySqlSpec spec) => Template.Fill(
        Folder + "stack.cnf",
        ("MAX_CONNECTIONS", Text(spec.MaxConnections)),
        // What a small server needs beside its buffers is a larger share of it.
        ("BUFFER_POOL", Text(spec.Size.MemoryMiB * (spec.Size.MemoryMiB <= 2048 ? 45 : 60) / 100)),
        ("REDO", Text(Math.Clamp(spec.Size.MemoryMiB / 8, 100, 2048))));

    private static IReadOnlyList<(string Secret, string File)> Accepted(StackContext stack) => AppCredential.Accepted(AppPassword, stack.Spec.DayTwo.MySqlCredential);

    private static string Pod(int server) => $"{Names.MySqlNodes}-{Text(server)}";

    private static string Address(StackContext stack, string pod) => $"{stack.Dns(Names.MySqlNodes, pod)}:{Ports.MySql}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
