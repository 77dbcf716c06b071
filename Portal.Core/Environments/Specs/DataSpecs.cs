namespace Portal.Core.Environments.Specs;

/// <summary>MySQL: one primary and read replicas that follow it by GTID, with nightly backups; or a database of somebody else.</summary>
/// <param name="StorageGiB">Volume of each server. It can grow, never shrink.</param>
public sealed record MySqlSpec(int ReadReplicas, int StorageGiB, PodSize Size, int BackupRetentionDays)
{
    /// <summary>When the nightly backup starts: hour of the day, UTC.</summary>
    public int BackupHour { get; init; } = 2;

    public int MaxConnections { get; init; } = 200;

    public MySqlSource Source { get; init; }

    public ExternalMySqlSpec External { get; init; } = new();

    /// <summary>Whether it is a database of somebody else: what is about servers of our own means nothing then.</summary>
    public bool IsExternal() => Source == MySqlSource.External;
}

/// <summary>Redis: one server, or a Redis Cluster of shards when there is more than one shard.</summary>
/// <param name="Shards">1, or 3 and more: a Redis Cluster needs three masters for a majority.</param>
/// <param name="Persistent">Append-only file on a volume; without it a restart empties the cache.</param>
public sealed record RedisSpec(int Shards, int ReplicasPerShard, int MemoryMiB, RedisEngine Engine, bool Persistent)
{
    public RedisEviction Eviction { get; init; } = RedisEviction.LeastRecentlyUsed;
}

public enum RedisEngine
{
    Redis,
    Valkey,
}

/// <summary>What happens to a write when the memory is full.</summary>
public enum RedisEviction
{
    /// <summary>The key that was not used for longest goes: a cache.</summary>
    LeastRecentlyUsed,

    /// <summary>The same among keys that expire; others stay.</summary>
    ExpiringOnly,

    /// <summary>The write is refused: nothing is ever lost.</summary>
    Refuse,
}

/// <summary>Pub/Sub: Kafka in KRaft mode in the environment, or Google Pub/Sub outside of it.</summary>
/// <param name="Brokers">1 (combined with the controller) or 3 and more (three controllers beside them).</param>
/// <param name="Partitions">Partitions of each application topic. They can grow, never shrink.</param>
public sealed record PubSubSpec(int Brokers, int Partitions, int StorageGiB, PodSize Size)
{
    public PubSubProvider Provider { get; init; } = PubSubProvider.Kafka;

    /// <summary>Topics of the application; each gets a second one, <c>NAME.failed</c>, for what could not be worked on.</summary>
    public IReadOnlyList<string> Topics { get; init; } = ["events"];

    /// <summary>How long a message is kept.</summary>
    public int RetentionHours { get; init; } = 168;

    /// <summary>The Google Cloud project of the topics; set exactly when the provider is Google.</summary>
    public string? GoogleProject { get; init; }
}

public enum PubSubProvider
{
    Kafka,

    /// <summary>Topics of a Google Cloud project: nothing runs here, the services get the project and a credential.</summary>
    Google,
}
