namespace Portal.Core.Environments.Specs;

/// <summary>What of a spec can grow and never shrink: the rule for a change, and how an earlier spec is made one that can be rolled out again.</summary>
public static class SpecGrowth
{
    /// <summary>An earlier spec with what has grown since kept as it is: data that is there needs its room.</summary>
    public static EnvironmentSpec Return(EnvironmentSpec earlier, EnvironmentSpec current) => earlier with
    {
        MySql = earlier.MySql with
        {
            StorageGiB = Math.Max(earlier.MySql.StorageGiB, current.MySql.StorageGiB),
            // The server that takes the writes stays: it cannot hand them over and go in one step.
            ReadReplicas = Math.Max(earlier.MySql.ReadReplicas, current.DayTwo.MySqlPrimary),
        },
        PubSub = earlier.PubSub with
        {
            StorageGiB = Math.Max(earlier.PubSub.StorageGiB, current.PubSub.StorageGiB),
            Partitions = Math.Max(earlier.PubSub.Partitions, current.PubSub.Partitions),
            Brokers = current.PubSub.Brokers,
            Provider = current.PubSub.Provider,
            GoogleProject = current.PubSub.GoogleProject,
        },
        Metrics = earlier.Metrics with { StorageGiB = Math.Max(earlier.Metrics.StorageGiB, current.Metrics.StorageGiB) },
        Logs = earlier.Logs with { StorageGiB = Math.Max(earlier.Logs.StorageGiB, current.Logs.StorageGiB) },
        Redis = current.Redis with { ReplicasPerShard = earlier.Redis.ReplicasPerShard, Eviction = earlier.Redis.Eviction },
        // What operations have done stays done: a returned image must not bring an old password back. What they failed to do is not tried again.
        DayTwo = current.DayTwo with
        {
            // The earlier spec may have had none of the locations that are in service now.
            DrainedLocations = earlier.Edge.Locations.Except(current.DayTwo.DrainedLocations).Any() ? current.DayTwo.DrainedLocations : [],
            IsBackingUp = false,
            Restore = current.DayTwo.Restore with { IsOpen = false },
        },
    };

    internal static void Check(EnvironmentSpec spec, EnvironmentSpec current, SpecCheck check)
    {
        if (!spec.MySql.IsExternal())
        {
            check.Grows("mySql.storageGiB", spec.MySql.StorageGiB, current.MySql.StorageGiB);
        }

        check.Grows("pubSub.storageGiB", spec.PubSub.StorageGiB, current.PubSub.StorageGiB);
        check.Grows("pubSub.partitions", spec.PubSub.Partitions, current.PubSub.Partitions);
        check.Grows("metrics.storageGiB", spec.Metrics.StorageGiB, current.Metrics.StorageGiB);
        check.Grows("logs.storageGiB", spec.Logs.StorageGiB, current.Logs.StorageGiB);
        check.That(spec.MySql.ReadReplicas >= current.DayTwo.MySqlPrimary, "mySql.readReplicas",
            $"Server mysql-{current.DayTwo.MySqlPrimary} takes the writes, so at least {current.DayTwo.MySqlPrimary} read replicas stay. Promote another server first, and remove replicas when that is done.");
        ExternalMySqlRules.CheckChange(spec, current, check);
        CheckRedis(spec.Redis, current.Redis, check);
        CheckPubSub(spec.PubSub, current.PubSub, check);
        DayTwoRules.CheckChange(spec.DayTwo, current.DayTwo, check);
    }

    private static void CheckRedis(RedisSpec spec, RedisSpec current, SpecCheck check)
    {
        check.Stays("redis.engine", spec.Engine, current.Engine, "the files of one engine are not read by the other");
        check.Stays("redis.persistent", spec.Persistent, current.Persistent, "a server gets its volume when it is made");
        check.Grows("redis.memoryMiB", spec.MemoryMiB, current.MemoryMiB);
        check.Grows("redis.shards", spec.Shards, current.Shards);
        check.That(current.Shards > 1 || spec.Shards == 1, "redis.shards",
            "A single Redis server cannot become a Redis Cluster: its clients speak another protocol. Make a new environment with 3 shards or more and move the data.");
    }

    private static void CheckPubSub(PubSubSpec spec, PubSubSpec current, SpecCheck check)
    {
        check.Stays("pubSub.provider", spec.Provider, current.Provider, "messages that are on their way would be lost");
        check.Stays("pubSub.googleProject", spec.GoogleProject, current.GoogleProject, "messages that are on their way would be lost");
        check.Grows("pubSub.brokers", spec.Brokers, current.Brokers);
        check.That(current.Brokers > 1 || spec.Brokers == 1, "pubSub.brokers",
            "A single broker that is its own controller cannot become a cluster: the set of controllers is fixed when it is made. Make a new environment with 3 brokers or more.");
    }
}
