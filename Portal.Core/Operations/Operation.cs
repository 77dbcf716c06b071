using Portal.Core.Environments;

namespace Portal.Core.Operations;

/// <summary>Something that is done to a running environment. Each is a change of its spec, so it has a plan, passes the same gate and survives any crash.</summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>How many pods a service, the load balancer or the ingress tier may have.</summary>
    public sealed record Scale(Component Component, int Min, int Max) : Operation;

    public sealed record AddReadReplica : Operation;

    public sealed record RemoveReadReplica : Operation;

    /// <param name="Server">Number of the MySQL server that takes the writes from now on.</param>
    public sealed record Promote(int Server) : Operation;

    /// <param name="StorageGiB">The new size of each volume of the component; volumes only grow.</param>
    public sealed record ResizeVolume(Component Component, int StorageGiB) : Operation;

    /// <param name="Partitions">The new number for each topic.</param>
    public sealed record AddPartitions(int Partitions) : Operation;

    /// <param name="Brokers">The new number.</param>
    public sealed record AddBrokers(int Brokers) : Operation;

    /// <param name="Shards">The new number.</param>
    public sealed record AddShards(int Shards) : Operation;

    public sealed record PurgeCache : Operation;

    /// <param name="Pods">The new number for each location.</param>
    public sealed record ScaleEdges(int Pods) : Operation;

    /// <summary>An edge location goes out of service: nobody new is sent to its pods, they finish what they have and end. Its address stays.</summary>
    public sealed record DrainLocation(string Location) : Operation;

    /// <summary>A drained location is in service again.</summary>
    public sealed record TakeBackLocation(string Location) : Operation;

    /// <summary>A new password for the application, or a new certificate of the edges or the load balancer; the old one is good until everything uses the new one.</summary>
    public sealed record RotateCredential(Component Component) : Operation;

    public sealed record BackUp : Operation;

    /// <param name="Backup">File name of the backup; null takes the newest.</param>
    /// <param name="From">The environment whose backup it is, a deleted one too; null for its own.</param>
    public sealed record Restore(string? Backup, EnvironmentId? From = null) : Operation;

    /// <summary>Everything is stopped in an order that is good for the data; volumes stay.</summary>
    public sealed record Pause : Operation;

    public sealed record Wake : Operation;

    public sealed record Restart(Component Component) : Operation;

    public sealed record UpgradeImage(Component Component, string Image) : Operation;

    /// <summary>A new image of a service gets part of its requests.</summary>
    /// <param name="WeightPercent">The share of requests without the header that chooses; 0 is by the header alone.</param>
    public sealed record StartCanary(Component Component, string Image, int WeightPercent, int Pods) : Operation;

    /// <summary>The canary's image becomes everybody's, and the canary goes.</summary>
    public sealed record PromoteCanary(Component Component) : Operation;

    /// <summary>The canary goes; everybody gets what they had.</summary>
    public sealed record EndCanary(Component Component) : Operation;
}
