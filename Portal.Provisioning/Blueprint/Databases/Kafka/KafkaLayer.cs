using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Databases.Kafka;

/// <summary>Kafka in KRaft mode: one broker that is its own controller, or three controllers and the brokers beside them.</summary>
internal static class KafkaLayer
{
    /// <summary>Plain name of the application's password, see <see cref="AppCredential"/>.</summary>
    public const string AppPassword = "kafka-app";

    /// <summary>Plain name of the application's account: a SCRAM account has one password, so each edition is an account of its own.</summary>
    public const string AppUser = "app";

    private const string AdminPassword = "kafka-admin";
    private const string ControllerPassword = "kafka-controller-login";
    private const string ExporterPassword = "kafka-exporter";
    private const string ClusterId = "kafka-cluster-id";
    private const string Config = "kafka-conf";
    private const string BrokerSet = "kafka-broker";
    private const string ControllerSet = "kafka-controller";
    private const int ControllerStorageGiB = 5;
    private const int FirstBroker = 100;

    /// <summary>How long the topics Job may take: with brokers that were added it moves data, at a limited pace.</summary>
    private const int MoveSeconds = 6 * 3600;

    private const string Folder = "Databases/Kafka/";

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.PubSub;
        string[] passwords = [AdminPassword, ControllerPassword, ExporterPassword, .. Accepted(stack).Select(app => app.Secret)];
        foreach (var credential in passwords)
        {
            Credentials.AddPassword(stack, Component.PubSub, credential);
        }

        Credentials.AddClusterId(stack, Component.PubSub, ClusterId);
        ConfigMaps.Add(stack, Component.PubSub, Config,
            ("server.properties", ServerConfig(spec)),
            ("start.sh", Template.Fill(Folder + "start.sh")),
            ("in-step.sh", Template.Fill(Folder + "in-step.sh")),
            ("topics.sh", Template.Fill(Folder + "topics.sh")),
            ("log4j2.yaml", Template.Fill(Folder + "log4j2.yaml")));

        var brokers = new Workload(stack, Component.PubSub, "kafka", BrokerSet, Roles.Broker);
        if (IsCombined(spec))
        {
            Servers(brokers, "broker,controller", 1, spec.Size, spec.StorageGiB, firstNodeId: 0, ("broker", Ports.KafkaBroker), ("controller", Ports.KafkaController));
        }
        else
        {
            var controllers = new Workload(stack, Component.PubSub, "kafka", ControllerSet, Roles.Controller);
            Servers(controllers, "controller", 3, stack.Sizes.KafkaController, ControllerStorageGiB, firstNodeId: 0, ("controller", Ports.KafkaController));
            Servers(brokers, "broker", spec.Brokers, spec.Size, spec.StorageGiB, firstNodeId: FirstBroker, ("broker", Ports.KafkaBroker));
        }

        ServiceObjects.Add(brokers, Names.Kafka, Ports.KafkaBroker, "broker");
        Topics(stack);
        Exporter(stack);
    }

    private static void Servers(Workload workload, string role, int count, PodSize size, int storageGiB, int firstNodeId, params (string Name, int Port)[] ports)
    {
        var stack = workload.Stack;
        var first = ports[0].Name;
        // A broker that is alone has nobody to be in step with.
        var hasPeers = workload.Role == Roles.Broker && count > 1;
        var prepare = new ContainerPlan("prepare", Images.Kafka, new PodSize(50, 384))
        {
            Command = ["/bin/bash", "/conf/start.sh"],
            Env =
            [
                Env.Field("POD_NAME", "metadata.name"),
                Env.Field("POD_INDEX", "metadata.labels['apps.kubernetes.io/pod-index']"),
                Env.Value("ROLE", role),
                Env.Value("FIRST_NODE_ID", Text(firstNodeId)),
                Env.Value("DOMAIN", stack.Dns(workload.Name)),
                Env.Value("VOTERS", Voters(stack)),
                Env.Value("KAFKA_HEAP_OPTS", "-Xmx192m"),
                Env.Value("LOG_DIR", "/tmp/logs"),
            ],
            Mounts = Mounts(),
        };
        var server = new ContainerPlan("kafka", Images.Kafka, size)
        {
            Command = hasPeers
                ? ["/bin/bash", "-c", "rm -f /run/kafka/in-step; exec /opt/kafka/bin/kafka-server-start.sh /run/kafka/server.properties"]
                : ["/opt/kafka/bin/kafka-server-start.sh", "/run/kafka/server.properties"],
            Env =
            [
                Env.Value("KAFKA_HEAP_OPTS", string.Create(CultureInfo.InvariantCulture, $"-Xms{size.MemoryMiB / 2}m -Xmx{size.MemoryMiB / 2}m")),
                Env.Value("KAFKA_LOG4J_OPTS", "-Dlog4j2.configurationFile=/conf/log4j2.yaml"),
                Env.Value("LOG_DIR", "/tmp/logs"),
            ],
            Ports = ports,
            Mounts = Mounts(),
            DiskMiB = 640,
            Startup = Probes.Tcp(first, period: 2, failures: 300),
            Live = Probes.Tcp(first, period: 20, failures: 6),
            Ready = hasPeers
                ? Probes.Exec(["/bin/bash", "-c", $"test -e /run/kafka/in-step && exec 3<>/dev/tcp/127.0.0.1/{Text(Ports.KafkaBroker)}"], period: 5, failures: 3)
                : Probes.Tcp(first, period: 5, failures: 3),
        };
        ServiceObjects.AddHeadless(workload, workload.Name, ports);
        StatefulSets.Add(workload, count, workload.Name, new PodPlan(Users.Kafka, [server])
        {
            Init = hasPeers ? [prepare, InStep(firstNodeId)] : [prepare],
            GraceSeconds = 180,
            Volumes =
            [
                Volumes.ConfigMap("conf", Config),
                Volumes.Empty("work", 1, inMemory: true),
                Volumes.Empty("tmp", 512),
                Volumes.Credentials("credentials", (AdminPassword, "admin"), (ControllerPassword, "controller"), (ExporterPassword, "exporter"), (ClusterId, "cluster-id")),
            ],
        }, storageGiB);
    }

    /// <summary>Says when a broker that was started has caught up. A container of its own, so that the tool's memory is never the broker's.</summary>
    private static ContainerPlan InStep(int firstNodeId) => new("in-step", Images.Kafka, new PodSize(20, 192))
    {
        IsSidecar = true,
        Command = ["/bin/bash", "/conf/in-step.sh"],
        Env =
        [
            Env.Field("POD_INDEX", "metadata.labels['apps.kubernetes.io/pod-index']"),
            Env.Value("FIRST_NODE_ID", Text(firstNodeId)),
            Env.Value("KAFKA_HEAP_OPTS", "-Xmx96m"),
            Env.Value("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"),
            Env.Value("LOG_DIR", "/tmp/logs"),
        ],
        Mounts = [Volumes.ReadOnly("conf", "/conf"), Volumes.Mount("work", "/run/kafka"), Volumes.ReadOnly("credentials", "/run/secrets/kafka"), Volumes.Mount("tmp", "/tmp")],
    };

    private static void Topics(StackContext stack)
    {
        var spec = stack.Spec.PubSub;
        var workload = new Workload(stack, Component.PubSub, "kafka", "kafka-topics", Roles.Topics);
        var topics = new ContainerPlan("topics", Images.Kafka, new PodSize(100, 512))
        {
            Command = ["/bin/bash", "/conf/topics.sh"],
            Env =
            [
                Env.Value("BOOTSTRAP", $"{Names.Kafka}:{Ports.KafkaBroker}"),
                Env.Value("BROKERS", string.Join(' ', Enumerable.Range(IsCombined(spec) ? 0 : FirstBroker, spec.Brokers).Select(Text))),
                Env.Value("TOPICS", string.Join(' ', spec.Topics.SelectMany(topic => Topics(topic, spec)))),
                Env.Value("REPLICATION", Text(Replication(spec))),
                Env.Value("APP_USER", AppCredential.Current(AppUser, stack.Spec.DayTwo.PubSubCredential)),
                Env.Value("APP_USER_PREVIOUS", AppCredential.Previous(AppUser, stack.Spec.DayTwo.PubSubCredential) ?? ""),
                Env.Value("KAFKA_HEAP_OPTS", "-Xmx256m"),
                Env.Value("LOG_DIR", "/tmp/logs"),
            ],
            Mounts = [Volumes.ReadOnly("conf", "/conf"), Volumes.ReadOnly("credentials", "/run/secrets/kafka"), Volumes.Mount("tmp", "/tmp")],
        };
        Jobs.Add(workload, new PodPlan(Users.Kafka, [topics])
        {
            GraceSeconds = 10,
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.Credentials("credentials", [(AdminPassword, "admin"), (ExporterPassword, "exporter"), .. Accepted(stack)]), Volumes.Empty("tmp", 64)],
        }, deadlineSeconds: MoveSeconds);
    }

    /// <summary>A topic and the one for what could not be worked on, which is kept twice as long.</summary>
    private static string[] Topics(string topic, PubSubSpec spec)
    {
        var milliseconds = spec.RetentionHours * 3_600_000L;
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{topic}:{spec.Partitions}:{milliseconds}"),
            string.Create(CultureInfo.InvariantCulture, $"{topic}.failed:{spec.Partitions}:{2 * milliseconds}"),
        ];
    }

    private static void Exporter(StackContext stack)
    {
        var workload = new Workload(stack, Component.PubSub, "kafka-exporter", "kafka-exporter", Roles.Exporter);
        // The exporter ends when it finds no broker, so it is not started before one takes connections.
        var wait = new ContainerPlan("wait", Images.Kafka, new PodSize(10, 32))
        {
            Command = ["/bin/bash", "-c", $"until (exec 3<>/dev/tcp/{Names.Kafka}/{Ports.KafkaBroker}) 2>/dev/null; do sleep 1; done"],
        };
        var exporter = Exporters.Container(
            Images.KafkaExporter, Ports.KafkaMetrics,
            [
                $"--kafka.server={Names.Kafka}:{Ports.KafkaBroker}", "--topic.filter=^[^_].*", "--sasl.enabled", "--sasl.mechanism=scram-sha512",
                "--sasl.username=exporter", "--sasl.password=$(KAFKA_PASSWORD)",
            ],
            [Env.Secret("KAFKA_PASSWORD", ExporterPassword)],
            memoryMiB: 96);
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Kafka, [exporter with { Ready = Probes.Tcp(Exporters.Port, period: 5, failures: 3) }]) { Init = [wait], GraceSeconds = 10, SafeToEvict = true });
    }

    private static string ServerConfig(PubSubSpec spec) => Template.Fill(
        Folder + "server.properties",
        ("PARTITIONS", Text(spec.Partitions)),
        ("RETENTION_HOURS", Text(spec.RetentionHours)),
        ("REPLICATION", Text(Replication(spec))),
        ("MIN_IN_SYNC", Text(Math.Max(1, Replication(spec) - 1))));

    private static IReadOnlyList<(string Secret, string File)> Accepted(StackContext stack) => AppCredential.Accepted(AppPassword, stack.Spec.DayTwo.PubSubCredential);

    private static JsonObject[] Mounts() =>
        [Volumes.ReadOnly("conf", "/conf"), Volumes.Mount("work", "/run/kafka"), Volumes.Mount("data", "/var/lib/kafka"), Volumes.ReadOnly("credentials", "/run/secrets/kafka"), Volumes.Mount("tmp", "/tmp")];

    /// <summary>The controllers never change in number, so that they can be named in the configuration.</summary>
    private static string Voters(StackContext stack)
    {
        var (set, count) = IsCombined(stack.Spec.PubSub) ? (BrokerSet, 1) : (ControllerSet, 3);
        return string.Join(',', Enumerable.Range(0, count).Select(i => $"{Text(i)}@{stack.Dns(set, $"{set}-{Text(i)}")}:{Text(Ports.KafkaController)}"));
    }

    private static bool IsCombined(PubSubSpec spec) => spec.Brokers == 1;

    private static int Replication(PubSubSpec spec) => Math.Min(3, spec.Brokers);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
