namespace Portal.Core.Environments.Specs;

/// <summary>What of a spec can grow and never shrink: the rule for a change, and how an earlier spec is made one that can be rolled out again.</summary>
public static class SpecGrowth
{
    /// <summary>An earlier spec with what has grown since kept as it is: data that is there needs its room.</summary>
    public static EnvironmentSpec Return(EnvironmentSpec earlier, EnvironmentSpec current) => earlier with
    {
        MySql = earlier.MySql with { StorageGiB = Math.Max(earlier.MySql.StorageGiB, current.MySql.StorageGiB) },
        PubSub = earlier.PubSub with
        {
            StorageGiB = Math.Max(earlier.PubSub.StorageGiB, current.PubSub.StorageGiB),
            Partitions = Math.Max(earlier.PubSub.Partitions, current.PubSub.Partitions),
        },
        Metrics = earlier.Metrics with { StorageGiB = Math.Max(earlier.Metrics.StorageGiB, current.Metrics.StorageGiB) },
        Logs = earlier.Logs with { StorageGiB = Math.Max(earlier.Logs.StorageGiB, current.Logs.StorageGiB) },
    };

    internal static void Check(EnvironmentSpec spec, EnvironmentSpec current, SpecCheck check)
    {
        check.Grows("mySql.storageGiB", spec.MySql.StorageGiB, current.MySql.StorageGiB);
        check.Grows("pubSub.storageGiB", spec.PubSub.StorageGiB, current.PubSub.StorageGiB);
        check.Grows("pubSub.partitions", spec.PubSub.Partitions, current.PubSub.Partitions);
        check.Grows("metrics.storageGiB", spec.Metrics.StorageGiB, current.Metrics.StorageGiB);
        check.Grows("logs.storageGiB", spec.Logs.StorageGiB, current.Logs.StorageGiB);
    }
}
