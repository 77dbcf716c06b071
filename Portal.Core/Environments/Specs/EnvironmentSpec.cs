namespace Portal.Core.Environments.Specs;

/// <summary>What the owner wants: one typed, immutable object for the whole path from the CDN to the database.</summary>
/// <remarks>
/// Stored and served as versioned JSON by <see cref="SpecJson"/>. A change of shape raises <see cref="CurrentVersion"/> and adds an
/// upgrade step there. Sizes carry their unit in the name: MiB and GiB are powers of two, one CPU core is 1000 millicores.
/// </remarks>
public sealed record EnvironmentSpec
{
    public const int CurrentVersion = 3;

    /// <summary>The preset that the spec started from; its values may have been changed since.</summary>
    public required Preset Preset { get; init; }

    public required Purpose Purpose { get; init; }

    /// <summary>The public host name that edges answer for, for example <c>shop.apps.example</c>.</summary>
    public required string HostName { get; init; }

    public required EdgeSpec Edge { get; init; }

    public required LoadBalancerSpec LoadBalancer { get; init; }

    public required IngressSpec Ingress { get; init; }

    public required ServiceSpec Frontend { get; init; }

    public required ServiceSpec Gateway { get; init; }

    public required ServiceSpec Publish { get; init; }

    public required ServiceSpec Consume { get; init; }

    public required MySqlSpec MySql { get; init; }

    public required RedisSpec Redis { get; init; }

    public required PubSubSpec PubSub { get; init; }

    public required MetricsSpec Metrics { get; init; }

    public required LogsSpec Logs { get; init; }

    public required AlertingSpec Alerting { get; init; }

    public required HousekeepingSpec Housekeeping { get; init; }

    public required RolloutSpec Rollout { get; init; }

    public DayTwoSpec DayTwo { get; init; } = new();

    /// <summary>The edge locations that answer, in their order: those that are not drained.</summary>
    public IReadOnlyList<string> LocationsInService() => [.. Edge.Locations.Except(DayTwo.DrainedLocations)];

    /// <summary>Every host name that the edges answer for, the environment's own first.</summary>
    public IReadOnlyList<string> AllHostNames() => [HostName, .. Edge.OtherHostNames];
}

/// <summary>Named starting points for a spec.</summary>
public enum Preset
{
    /// <summary>Development: everything single.</summary>
    Small,

    /// <summary>A production of ordinary size: pairs and replicas.</summary>
    Medium,

    /// <summary>Three zones, everything highly available.</summary>
    Large,
}

/// <summary>What an environment is for. Policies decide by it.</summary>
public enum Purpose
{
    Development,
    Staging,
    Production,
}

/// <summary>How many pods: fixed when both are equal, autoscaled by CPU in between otherwise.</summary>
/// <param name="TargetCpuPercent">CPU utilisation, in percent of the request, that the autoscaler steers to.</param>
public sealed record Scale(int Min, int Max, int TargetCpuPercent = 70);

/// <summary>What one pod asks for.</summary>
public sealed record PodSize(int CpuMillicores, int MemoryMiB);
