using Portal.Core.Environments;

namespace Portal.Core.Operations;

/// <summary>What an operation is called and what it does, for people.</summary>
public static class OperationText
{
    /// <param name="source">The environment whose backup is restored, for a restore that names one.</param>
    public static string Title(Operation operation, AppEnvironment? source = null) => operation switch
    {
        Operation.Scale scale => scale.Min == scale.Max ? $"Scale {scale.Component.Title()} to {scale.Min}" : $"Scale {scale.Component.Title()} to {scale.Min} to {scale.Max}",
        Operation.AddReadReplica => "Add a MySQL read replica",
        Operation.RemoveReadReplica => "Remove a MySQL read replica",
        Operation.Promote promote => $"Make mysql-{promote.Server} the MySQL primary",
        Operation.ResizeVolume resize => $"Grow the volumes of {resize.Component.Title()} to {resize.StorageGiB} GiB",
        Operation.AddPartitions add => $"Raise the partitions of each topic to {add.Partitions}",
        Operation.AddBrokers add => $"Raise the Pub/Sub brokers to {add.Brokers}",
        Operation.AddShards add => $"Raise the Redis shards to {add.Shards}",
        Operation.PurgeCache => "Empty the CDN cache",
        Operation.ScaleEdges scale => $"Scale each edge location to {scale.Pods}",
        Operation.DrainLocation drain => $"Drain the edge location {drain.Location}",
        Operation.TakeBackLocation back => $"Take the edge location {back.Location} back",
        Operation.RotateCredential { Component: Component.Edge or Component.LoadBalancer } rotate => $"Rotate the certificate of {rotate.Component.Title()}",
        Operation.RotateCredential rotate => $"Rotate the password of {rotate.Component.Title()}",
        Operation.BackUp => "Back up MySQL now",
        Operation.Restore restore => $"Restore MySQL from {restore.Backup ?? "the newest backup"}{(source is null ? "" : $" of {source.Name} of team {source.Team} ({source.Spec.Purpose.ToString().ToLowerInvariant()})")}",
        Operation.Pause => "Pause the environment",
        Operation.Wake => "Wake the environment",
        Operation.Restart restart => $"Restart {restart.Component.Title()}",
        Operation.UpgradeImage upgrade => $"Run {upgrade.Image} as {upgrade.Component.Title()}",
        Operation.StartCanary { WeightPercent: 0 } start => $"Try {start.Image} as a canary of {start.Component.Title()}, for requests that ask for it",
        Operation.StartCanary start => $"Try {start.Image} as a canary of {start.Component.Title()}, for {start.WeightPercent} % of the requests",
        Operation.PromoteCanary promote => $"Promote the canary of {promote.Component.Title()}",
        Operation.EndCanary end => $"End the canary of {end.Component.Title()}",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown operation."),
    };

    /// <summary>Its name without values, for a button.</summary>
    public static string Name(Operation operation) => operation switch
    {
        Operation.Scale => "Scale",
        Operation.AddReadReplica => "Add a read replica",
        Operation.RemoveReadReplica => "Remove a read replica",
        Operation.Promote => "Promote a replica",
        Operation.ResizeVolume => "Grow volumes",
        Operation.AddPartitions => "Add partitions",
        Operation.AddBrokers => "Add brokers",
        Operation.AddShards => "Add shards",
        Operation.PurgeCache => "Empty the cache",
        Operation.ScaleEdges => "Scale the locations",
        Operation.DrainLocation => "Drain a location",
        Operation.TakeBackLocation => "Take a location back",
        Operation.RotateCredential { Component: Component.Edge or Component.LoadBalancer } => "Rotate the certificate",
        Operation.RotateCredential => "Rotate the password",
        Operation.BackUp => "Back up now",
        Operation.Restore => "Restore a backup",
        Operation.Pause => "Pause",
        Operation.Wake => "Wake",
        Operation.Restart => "Restart",
        Operation.UpgradeImage => "Upgrade the image",
        Operation.StartCanary => "Start a canary",
        Operation.PromoteCanary => "Promote the canary",
        Operation.EndCanary => "End the canary",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown operation."),
    };

    /// <summary>Whether data that is there is lost; such an operation is confirmed with the environment's name.</summary>
    public static bool ReplacesData(Operation operation) => operation is Operation.Restore;
}
