using System.Text.RegularExpressions;
using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>Every rule that a spec must keep. Collects all that is wrong, each at its field.</summary>
/// <remarks>Pure. <c>current</c> is the spec that runs now: some things may grow but not shrink.</remarks>
public static partial class SpecValidator
{
    public static IReadOnlyList<Error> Validate(EnvironmentSpec spec, EnvironmentSpec? current = null)
    {
        var check = new SpecCheck();
        CheckEntry(spec, check);
        CheckServices(spec, check);
        CheckData(spec, check);
        CheckOperations(spec, check);
        if (current is not null)
        {
            SpecGrowth.Check(spec, current, check);
        }

        return check.Errors;
    }

    private static void CheckEntry(EnvironmentSpec spec, SpecCheck check)
    {
        check.That(spec.HostName is { Length: <= 253 } && HostName().IsMatch(spec.HostName), "hostName",
            $"{UserText.Quote(spec.HostName)} is no host name. Write lower-case labels separated by dots, for example shop.apps.example.");
        check.Range("edge.locations", spec.Edge.Locations.Count, 1, 9, "locations");
        foreach (var location in spec.Edge.Locations)
        {
            check.That(location is { Length: <= 20 } && Label().IsMatch(location), "edge.locations",
                $"{UserText.Quote(location)} is no location name. Use at most 20 lower-case letters, digits and hyphens, beginning with a letter.");
        }

        check.That(spec.Edge.Locations.Distinct().Count() == spec.Edge.Locations.Count, "edge.locations", "Each edge location may be named once.");
        check.Range("edge.podsPerLocation", spec.Edge.PodsPerLocation, 1, 10, "pods");
        check.Range("edge.cacheGiB", spec.Edge.CacheGiB, 1, 500, "GiB");
        check.Scale("loadBalancer.scale", spec.LoadBalancer.Scale, 50);
        check.Range("loadBalancer.requestsPerSecond", spec.LoadBalancer.RequestsPerSecond, 1, 100_000, "requests per second");
        check.Scale("ingress.scale", spec.Ingress.Scale, 50);
    }

    private static void CheckServices(EnvironmentSpec spec, SpecCheck check)
    {
        CheckService("frontend", spec.Frontend, check);
        CheckService("gateway", spec.Gateway, check);
        CheckService("publish", spec.Publish, check);
        CheckService("consume", spec.Consume, check);
    }

    private static void CheckService(string field, ServiceSpec service, SpecCheck check)
    {
        check.That(service.Image is { Length: <= 255 } && Image().IsMatch(service.Image) && !service.Image.EndsWith(":latest", StringComparison.Ordinal), $"{field}.image",
            $"{UserText.Quote(service.Image)} is no image to deploy. Name it with a tag or a digest, for example registry.example/team/app:1.4.2; \"latest\" is not allowed because it cannot be rolled back.");
        check.Scale($"{field}.scale", service.Scale, 100);
        check.Size($"{field}.size", service.Size);
    }

    private static void CheckData(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("mySql.readReplicas", spec.MySql.ReadReplicas, 0, 9, "replicas");
        check.Range("mySql.storageGiB", spec.MySql.StorageGiB, 1, 16_384, "GiB");
        check.Range("mySql.backupRetentionDays", spec.MySql.BackupRetentionDays, 1, 365, "days");
        check.Size("mySql.size", spec.MySql.Size, minMemoryMiB: 512);
        check.That(spec.Redis.Shards is 1 or (>= 3 and <= 30), "redis.shards",
            $"redis.shards is {spec.Redis.Shards}; allowed is 1 (a single server) or 3 to 30 (a Redis Cluster needs three masters for a majority).");
        check.Range("redis.replicasPerShard", spec.Redis.ReplicasPerShard, 0, 5, "replicas");
        check.That(spec.Redis.Shards > 1 || spec.Redis.ReplicasPerShard == 0, "redis.replicasPerShard",
            "A single Redis server has no replicas. Choose 3 shards or more for a Redis Cluster, or 0 replicas.");
        check.Range("redis.memoryMiB", spec.Redis.MemoryMiB, 64, 262_144, "MiB");
        check.That(spec.PubSub.Brokers is 1 or (>= 3 and <= 30), "pubSub.brokers",
            $"pubSub.brokers is {spec.PubSub.Brokers}; allowed is 1 (a single node) or 3 to 30 (two cannot outvote a failure).");
        check.Range("pubSub.partitions", spec.PubSub.Partitions, 1, 1_000, "partitions");
        check.Range("pubSub.storageGiB", spec.PubSub.StorageGiB, 1, 16_384, "GiB");
        check.Size("pubSub.size", spec.PubSub.Size, minMemoryMiB: 512);
        check.That(spec.Consume.Scale.Max <= spec.PubSub.Partitions, "consume.scale.max",
            $"consume.scale.max is {spec.Consume.Scale.Max} but a topic has {spec.PubSub.Partitions} partitions: pods beyond one per partition would idle. Lower it, or raise pubSub.partitions.");
    }

    private static void CheckOperations(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("metrics.retentionDays", spec.Metrics.RetentionDays, 1, 365, "days");
        check.Range("metrics.storageGiB", spec.Metrics.StorageGiB, 1, 16_384, "GiB");
        check.Range("logs.retentionDays", spec.Logs.RetentionDays, 1, 365, "days");
        check.Range("logs.storageGiB", spec.Logs.StorageGiB, 1, 16_384, "GiB");
        check.Range("alerting.replicas", spec.Alerting.Replicas, 1, 5, "pods");
        check.That(double.IsFinite(spec.Alerting.ErrorRatePercent) && spec.Alerting.ErrorRatePercent is >= 0.1 and <= 100, "alerting.errorRatePercent",
            $"alerting.errorRatePercent is {spec.Alerting.ErrorRatePercent.ToString(System.Globalization.CultureInfo.InvariantCulture)}; allowed is 0.1 to 100 percent.");
        check.That(spec.Alerting.NotifyEmail is null || (spec.Alerting.NotifyEmail.Length <= 254 && Email().IsMatch(spec.Alerting.NotifyEmail)), "alerting.notifyEmail",
            $"{UserText.Quote(spec.Alerting.NotifyEmail)} is no e-mail address. Write one like team@shop.example, or leave it empty.");
        check.Range("housekeeping.finishedPodsHours", spec.Housekeeping.FinishedPodsHours, 1, 720, "hours");
        check.Range("housekeeping.headroomPods", spec.Housekeeping.HeadroomPods, 0, 20, "pods");
        check.Range("rollout.deadlineMinutes", spec.Rollout.DeadlineMinutes, 2, 240, "minutes");
    }

    [GeneratedRegex(@"^[a-z]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex HostName();

    // The grammar of the distribution specification: host[:port]/path:tag or @digest; a tag or digest is required, and a port is none.
    [GeneratedRegex(@"^[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?(?<=[:@][^/]+)\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[^@\s\p{C}]+@[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)+\z")]
    private static partial Regex Email();
}
