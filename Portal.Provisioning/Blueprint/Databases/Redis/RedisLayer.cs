using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Databases.Redis;

/// <summary>Redis: one server with followers, or a Redis Cluster with one StatefulSet for each shard.</summary>
/// <remarks>
/// A StatefulSet for each shard makes "master and replica never on one node" and "remove a shard" expressible. Shards are formed into
/// a cluster by a Job, and a sidecar introduces the members again when their addresses change.
/// </remarks>
internal static class RedisLayer
{
    /// <summary>Plain name of the application's password, see <see cref="AppCredential"/>.</summary>
    public const string AppPassword = "redis-app";

    private const string AdminPassword = "redis-admin";
    private const string ReplicaPassword = "redis-replica";
    private const string ExporterPassword = "redis-exporter";
    private const string Config = "redis-conf";
    private const string Topology = "redis-topology";
    private const string Folder = "Databases/Redis/";

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.Redis;
        var any = new Workload(stack, Component.Redis, Software(spec), Names.Redis, Roles.Server);
        string[] passwords = [AdminPassword, ReplicaPassword, ExporterPassword, .. Accepted(stack).Select(app => app.Secret)];
        foreach (var credential in passwords)
        {
            Credentials.AddPassword(stack, Component.Redis, credential);
        }

        ConfigMaps.Add(stack, Component.Redis, Config,
            ("redis.conf", ServerConfig(spec)),
            ("cluster.conf", Template.Fill(Folder + "cluster.conf")),
            ("start.sh", Template.Fill(Folder + "start.sh")),
            ("probe.sh", Template.Fill(Folder + "probe.sh")),
            ("cluster.sh", Template.Fill(Folder + "cluster.sh")));
        ServiceObjects.AddHeadless(any, Names.RedisNodes, ("redis", Ports.Redis));
        // A cluster redirects its clients to the right node; without one only the first server takes writes.
        ServiceObjects.Add(any, Names.Redis, Ports.Redis, "redis", onlyPod: IsCluster(spec) ? null : ("statefulset.kubernetes.io/pod-name", "redis-s0-0"));
        for (var shard = 0; shard < spec.Shards; shard++)
        {
            var name = $"redis-s{Text(shard)}";
            var servers = any with { Name = name, Distinction = (Labels.Shard, Text(shard)) };
            StatefulSets.Add(servers, 1 + spec.ReplicasPerShard, Names.RedisNodes, ServerPod(stack, name), StorageGiB(spec));
        }

        if (IsCluster(spec))
        {
            // Read again by the sidecars: a shard or a replica more restarts no server.
            ConfigMaps.AddLive(stack, Component.Redis, Topology, ("peers", Peers(stack)), ("per-shard", Text(1 + spec.ReplicasPerShard)));
            Form(stack);
        }
    }

    private static PodPlan ServerPod(StackContext stack, string set)
    {
        var spec = stack.Spec.Redis;
        var server = new ContainerPlan("redis", Images.Redis(spec.Engine), new PodSize(spec.MemoryMiB >= 1024 ? 250 : 100, spec.MemoryMiB))
        {
            Command = ["/bin/bash", "/conf/start.sh"],
            Env = [.. Environment(stack), Env.Value("SHARD", set), Env.Field("POD_IP", "status.podIP")],
            Ports = IsCluster(spec) ? [("redis", Ports.Redis), ("bus", Ports.RedisBus)] : [("redis", Ports.Redis)],
            Mounts = [Volumes.Mount("data", "/data"), Volumes.Mount("run", "/run/redis"), Volumes.ReadOnly("conf", "/conf"), Volumes.ReadOnly("credentials", "/run/secrets/redis")],
            DiskMiB = 128,
            Startup = Probes.Exec(["/bin/bash", "/conf/probe.sh", "live"], period: 2, failures: 150),
            Live = Probes.Exec(["/bin/bash", "/conf/probe.sh", "live"], period: 10, failures: 5),
            Ready = Probes.Exec(["/bin/bash", "/conf/probe.sh", "ready"], period: 5, failures: 3),
            PreStop = IsCluster(spec) ? Probes.Run("/bin/bash", "/conf/cluster.sh", "handover") : Probes.Sleep(5),
        };
        var exporter = Exporters.Container(
            Images.RedisExporter, Ports.RedisMetrics, [$"--redis.addr=redis://localhost:{Ports.Redis}", "--redis.user=exporter"], [Env.Secret("REDIS_PASSWORD", ExporterPassword)]);
        List<JsonObject> volumes =
        [
            Volumes.Empty("run", 1, inMemory: true),
            Volumes.ConfigMap("conf", Config),
            Volumes.Credentials("credentials", [(AdminPassword, "admin"), (ReplicaPassword, "replica"), (ExporterPassword, "exporter"), .. Accepted(stack)]),
        ];
        if (IsCluster(spec))
        {
            volumes.Add(Volumes.ConfigMap("topology", Topology));
        }

        if (StorageGiB(spec) is null)
        {
            volumes.Add(Volumes.Empty("data", 64));
        }

        return new PodPlan(Users.Redis, [server, exporter]) { Init = IsCluster(spec) ? [Watch(stack)] : [], GraceSeconds = 60, Volumes = volumes };
    }

    private static ContainerPlan Watch(StackContext stack) => new("watch", Images.Redis(stack.Spec.Redis.Engine), new PodSize(10, 32))
    {
        IsSidecar = true,
        Command = ["/bin/bash", "/conf/cluster.sh", "watch"],
        Env = Environment(stack),
        Mounts = [Volumes.ReadOnly("conf", "/conf"), Volumes.ReadOnly("topology", "/topology"), Volumes.ReadOnly("credentials", "/run/secrets/redis")],
    };

    private static void Form(StackContext stack)
    {
        var workload = new Workload(stack, Component.Redis, Software(stack.Spec.Redis), "redis-form", Roles.Form);
        var form = new ContainerPlan("form", Images.Redis(stack.Spec.Redis.Engine), new PodSize(50, 64))
        {
            Command = ["/bin/bash", "/conf/cluster.sh", "form"],
            Env = [.. Environment(stack), Env.Value("PEERS", Peers(stack)), Env.Value("PER_SHARD", Text(1 + stack.Spec.Redis.ReplicasPerShard))],
            Mounts = [Volumes.ReadOnly("conf", "/conf"), Volumes.ReadOnly("credentials", "/run/secrets/redis"), Volumes.Mount("tmp", "/tmp")],
        };
        Jobs.Add(workload, new PodPlan(Users.Redis, [form])
        {
            GraceSeconds = 10,
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.Credentials("credentials", (AdminPassword, "admin")), Volumes.Empty("tmp", 16)],
        }, deadlineSeconds: 1800);
    }

    private static JsonObject[] Environment(StackContext stack) =>
    [
        Env.Field("POD_NAME", "metadata.name"),
        Env.Value("ENGINE", Software(stack.Spec.Redis)),
        Env.Value("CLUSTER", IsCluster(stack.Spec.Redis) ? "yes" : "no"),
        Env.Value("DOMAIN", stack.Dns(Names.RedisNodes)),
        Env.Value("SELF", Address(stack, "$(POD_NAME)")),
    ];

    /// <summary>The members, shard by shard.</summary>
    private static string Peers(StackContext stack) => string.Join(' ',
        from shard in Enumerable.Range(0, stack.Spec.Redis.Shards)
        from pod in Enumerable.Range(0, 1 + stack.Spec.Redis.ReplicasPerShard)
        select Address(stack, $"redis-s{Text(shard)}-{Text(pod)}"));

    private static IReadOnlyList<(string Secret, string File)> Accepted(StackContext stack) => AppCredential.Accepted(AppPassword, stack.Spec.DayTwo.RedisCredential);

    private static string ServerConfig(RedisSpec spec) => Template.Fill(
        Folder + "redis.conf",
        ("APPEND_ONLY", spec.Persistent ? "yes" : "no"),
        // Forks and replication buffers need the rest of the limit.
        ("MAX_MEMORY", Text(spec.MemoryMiB * 65 / 100)),
        ("EVICTION", Eviction(spec.Eviction)),
        ("BACKLOG", Text(Math.Clamp(spec.MemoryMiB / 32, 4, 128))));

    /// <summary>Three times the memory for the append-only file and its rewrite; in a cluster a volume in any case, for a node's identity.</summary>
    private static int? StorageGiB(RedisSpec spec) => spec.Persistent ? Math.Max(1, (spec.MemoryMiB * 3 + 1023) / 1024) : IsCluster(spec) ? 1 : null;

    private static string Eviction(RedisEviction eviction) => eviction switch
    {
        RedisEviction.LeastRecentlyUsed => "allkeys-lru",
        RedisEviction.ExpiringOnly => "volatile-lru",
        RedisEviction.Refuse => "noeviction",
        _ => throw new ArgumentOutOfRangeException(nameof(eviction), eviction, "Unknown eviction."),
    };

    private static bool IsCluster(RedisSpec spec) => spec.Shards > 1;

    private static string Software(RedisSpec spec) => spec.Engine == RedisEngine.Valkey ? "valkey" : "redis";

    private static string Address(StackContext stack, string pod) => $"{stack.Dns(Names.RedisNodes, pod)}:{Text(Ports.Redis)}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
