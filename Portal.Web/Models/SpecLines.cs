using Portal.Core.Environments.Specs;

namespace Portal.Web.Models;

/// <summary>One line of a spec in short.</summary>
public sealed record SpecLine(string Title, string Text);

/// <summary>A spec in seven lines that a person reads at a glance.</summary>
public static class SpecLines
{
    public static IReadOnlyList<SpecLine> Of(EnvironmentSpec spec) =>
    [
        new("Host name", spec.HostName),
        new("CDN", $"{string.Join(", ", spec.Edge.Locations)} · {spec.Edge.PodsPerLocation} × {spec.Edge.CacheGiB} GiB"),
        new("Load balancer", $"{Pods(spec.LoadBalancer.Scale)} {(spec.LoadBalancer.Scale.Max == 1 ? "pod" : "pods")} · WAF {spec.LoadBalancer.Waf.ToString().ToLowerInvariant()}"),
        new("Services", $"frontend {Pods(spec.Frontend.Scale)} · gateway {Pods(spec.Gateway.Scale)} · publish {Pods(spec.Publish.Scale)} · consume {Pods(spec.Consume.Scale)}"),
        new("MySQL", spec.MySql.ReadReplicas == 0 ? $"1 server · {spec.MySql.StorageGiB} GiB" : $"1 primary + {spec.MySql.ReadReplicas} read replicas · {spec.MySql.StorageGiB} GiB each"),
        new("Redis", spec.Redis.Shards == 1 ? $"1 server · {spec.Redis.MemoryMiB} MiB" : $"{spec.Redis.Shards} shards × {1 + spec.Redis.ReplicasPerShard} · {spec.Redis.MemoryMiB} MiB each"),
        new("Pub/Sub", $"{spec.PubSub.Brokers} {(spec.PubSub.Brokers == 1 ? "broker" : "brokers")} · {spec.PubSub.Partitions} partitions"),
    ];

    private static string Pods(Scale scale) => scale.Min == scale.Max ? $"{scale.Min}" : $"{scale.Min}–{scale.Max}";
}
