using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for MySQL, Redis and Pub/Sub.</summary>
internal static class DataRules
{
    /// <summary>What the Kafka project advises for one broker.</summary>
    private const int MostOnABroker = 4_000;

    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("mySql.readReplicas", spec.MySql.ReadReplicas, 0, 9, "replicas");
        check.Range("mySql.storageGiB", spec.MySql.StorageGiB, 1, 16_384, "GiB");
        check.Range("mySql.backupRetentionDays", spec.MySql.BackupRetentionDays, 1, 365, "days");
        check.Size("mySql.size", spec.MySql.Size, minMemoryMiB: 512);
        check.Range("mySql.backupHour", spec.MySql.BackupHour, 0, 23, "o'clock UTC");
        check.Range("mySql.maxConnections", spec.MySql.MaxConnections, 10, 10_000, "connections");
        ExternalMySqlRules.Check(spec.MySql, check);
        check.That(spec.Redis.Shards is 1 or (>= 3 and <= 30), "redis.shards",
            $"redis.shards is {spec.Redis.Shards}; allowed is 1 (a single server) or 3 to 30 (a Redis Cluster needs three masters for a majority).");
        check.Range("redis.replicasPerShard", spec.Redis.ReplicasPerShard, 0, 5, "replicas");
        check.That(spec.Redis.Shards > 1 || spec.Redis.ReplicasPerShard == 0, "redis.replicasPerShard",
            "A single Redis server has no replicas. Choose 3 shards or more for a Redis Cluster, or 0 replicas.");
        check.Range("redis.memoryMiB", spec.Redis.MemoryMiB, 64, 262_144, "MiB");
        check.That(spec.PubSub.Brokers is 1 or (>= 3 and <= 30), "pubSub.brokers",
            $"pubSub.brokers is {spec.PubSub.Brokers}; allowed is 1 (a single node) or 3 to 30 (two cannot outvote a failure).");
        check.Range("pubSub.partitions", spec.PubSub.Partitions, 1, 1_000, "partitions");
        CheckLoad(spec.PubSub, check);
        check.Range("pubSub.storageGiB", spec.PubSub.StorageGiB, 1, 16_384, "GiB");
        check.Size("pubSub.size", spec.PubSub.Size, minMemoryMiB: 512);
        CheckTopics(spec.PubSub, check);
        check.That(spec.PubSub.Provider == PubSubProvider.Google || spec.Consume.Scale.Max <= spec.PubSub.Partitions, "consume.scale.max",
            $"consume.scale.max is {spec.Consume.Scale.Max} but a topic has {spec.PubSub.Partitions} partitions: pods beyond one per partition would idle. Lower it, or raise pubSub.partitions.");
    }

    // Every topic has a second one for what failed; with three brokers and more each partition is kept three times.
    private static void CheckLoad(PubSubSpec spec, SpecCheck check)
    {
        var onEach = 2L * spec.Topics.Count * spec.Partitions * (spec.Brokers > 1 ? 3 : 1) / Math.Max(1, spec.Brokers);
        check.That(spec.Provider == PubSubProvider.Google || onEach <= MostOnABroker, "pubSub.partitions",
            $"{spec.Topics.Count} topics of {spec.Partitions} partitions put {onEach} partitions on each broker; a broker takes {MostOnABroker} well. Lower pubSub.partitions, or raise pubSub.brokers.");
    }

    private static void CheckTopics(PubSubSpec spec, SpecCheck check)
    {
        check.Range("pubSub.topics", spec.Topics.Count, 1, 100, "topics");
        check.Each("pubSub.topics", spec.Topics, 100, topic => topic.Length <= 200 && SpecPatterns.Topic().IsMatch(topic) && !topic.EndsWith(".failed", StringComparison.Ordinal),
            "is no topic. Use letters, digits, dots and hyphens, beginning with a letter; .failed at the end is kept for what could not be worked on.");
        check.Unique("pubSub.topics", spec.Topics, "is named twice.");
        check.Range("pubSub.retentionHours", spec.RetentionHours, 1, 8_760, "hours");
        check.That((spec.Provider == PubSubProvider.Google) == (spec.GoogleProject is not null), "pubSub.googleProject",
            "pubSub.googleProject is set exactly when pubSub.provider is google.");
        check.That(spec.GoogleProject is null || SpecPatterns.GoogleProject().IsMatch(spec.GoogleProject), "pubSub.googleProject",
            $"{UserText.Quote(spec.GoogleProject)} is no id of a Google Cloud project. It has 6 to 30 lower-case letters, digits and hyphens.");
    }
}
