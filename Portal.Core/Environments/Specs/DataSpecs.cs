namespace Portal.Core.Environments.Specs;

/// <summary>MySQL: one primary and read replicas that follow it by GTID, with nightly backups.</summary>
/// <param name="StorageGiB">Volume of each server. It can grow, never shrink.</param>
public sealed record MySqlSpec(int ReadReplicas, int StorageGiB, PodSize Size, int BackupRetentionDays);

/// <summary>Redis: one server, or a Redis Cluster of shards when there is more than one shard.</summary>
/// <param name="Shards">1, or 3 and more: a Redis Cluster needs three masters for a majority.</param>
/// <param name="Persistent">Append-only file on a volume; without it a restart empties the cache.</param>
public sealed record RedisSpec(int Shards, int ReplicasPerShard, int MemoryMiB, RedisEngine Engine, bool Persistent);

public enum RedisEngine
{
    Redis,
    Valkey,
}

/// <summary>Pub/Sub on Kafka in KRaft mode.</summary>
/// <param name="Brokers">1 (combined with the controller) or 3 and more (three controllers beside them).</param>
/// <param name="Partitions">Partitions of each application topic. They can grow, never shrink.</param>
public sealed record PubSubSpec(int Brokers, int Partitions, int StorageGiB, PodSize Size);
