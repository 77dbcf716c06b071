using Portal.Core.Environments.Specs;

namespace Portal.Web.Models;

/// <summary>One line of a spec in short.</summary>
public sealed record SpecLine(string Title, string Text);

/// <summary>A spec in a few lines that a person reads at a glance.</summary>
public static class SpecLines
{
    public static IReadOnlyList<SpecLine> Of(EnvironmentSpec spec) =>
    [
        new("Host name", spec.HostName),
        new("CDN", $"{string.Join(", ", spec.Edge.Locations)} · {spec.Edge.PodsPerLocation} × {spec.Edge.CacheGiB} GiB"),
        new("Load balancer", $"{Pods(spec.LoadBalancer.Scale)} {(spec.LoadBalancer.Scale.Max == 1 ? "pod" : "pods")} · WAF {spec.LoadBalancer.Waf.ToString().ToLowerInvariant()}"),
        new("Services", $"frontend {Pods(spec.Frontend.Scale)} · gateway {Pods(spec.Gateway.Scale)} · publish {Pods(spec.Publish.Scale)} · consume {Pods(spec.Consume.Scale)}"),
        new("MySQL", spec.MySql.IsExternal() ? $"external · {spec.MySql.External.Host}" : spec.MySql.ReadReplicas == 0 ? $"1 server · {spec.MySql.StorageGiB} GiB" : $"1 primary + {spec.MySql.ReadReplicas} read replicas · {spec.MySql.StorageGiB} GiB each"),
        new("Redis", spec.Redis.Shards == 1 ? $"1 server · {spec.Redis.MemoryMiB} MiB" : $"{spec.Redis.Shards} shards × {1 + spec.Redis.ReplicasPerShard} · {spec.Redis.MemoryMiB} MiB each"),
        new("Pub/Sub", $"{spec.PubSub.Brokers} {(spec.PubSub.Brokers == 1 ? "broker" : "brokers")} · {spec.PubSub.Partitions} partitions"),
        new("When things go wrong", $"{spec.Rollout.DeadlineMinutes} min per component · {Failing(spec.Rollout)} · {Conflicting(spec.Rollout.OnConflict)}"),
    ];

    private static string Failing(RolloutSpec rollout) =>
        $"a failed update {(rollout.OnFailedUpdate == FailedUpdate.RollBack ? "rolls back" : "stays")}, a failed start {(rollout.OnFailedProvision == FailedProvision.TearDown ? "is torn down" : "stays")}";

    private static string Conflicting(ConflictRule rule) => rule switch
    {
        ConflictRule.Ask => "conflicts wait for a choice",
        ConflictRule.TakeOver => "the spec wins conflicts",
        ConflictRule.Leave => "others keep fields that they set",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Unknown rule."),
    };

    private static string Pods(Scale scale) => scale.Min == scale.Max ? $"{scale.Min}" : $"{scale.Min}–{scale.Max}";
}
