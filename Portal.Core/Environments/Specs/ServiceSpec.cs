namespace Portal.Core.Environments.Specs;

/// <summary>One application service: frontend, gateway, publish or consume.</summary>
/// <param name="Image">Image reference with a tag or digest; <c>latest</c> is refused.</param>
public sealed record ServiceSpec(string Image, Scale Scale, PodSize Size)
{
    /// <summary>A new image that part of the requests go to; null is none. For gateway and publish.</summary>
    public CanarySpec? Canary { get; init; }

    /// <summary>What a VerticalPodAutoscaler may do, where the cluster has one.</summary>
    public VerticalMode Vertical { get; init; } = VerticalMode.Recommend;

    /// <summary>Also scale out above this share of the memory request, in percent; null does not.</summary>
    public int? ScaleMemoryPercent { get; init; }

    /// <summary>Also scale by this metric of the pods (custom.metrics.k8s.io), for example <c>http_requests_per_second</c>.</summary>
    public string? ScaleMetric { get; init; }

    /// <summary>The average per pod that <see cref="ScaleMetric"/> is steered to; set exactly when that is.</summary>
    public int? ScaleMetricTarget { get; init; }

    /// <summary>Also scale by the messages of Kafka that wait for it: so many for each pod; null does not. For consume alone.</summary>
    public int? ScaleLag { get; init; }

    /// <summary>Environment variables, each written <c>NAME=value</c>. No passwords: these are shown.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Names of Secrets of the namespace whose keys the pods find as files in <c>/run/secrets/NAME</c>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Path of the liveness probe; null is the contract's <c>/livez</c>. A frontend has its own.</summary>
    public string? LivePath { get; init; }

    /// <summary>Path of the readiness probe; null is the contract's <c>/readyz</c>.</summary>
    public string? ReadyPath { get; init; }

    /// <summary>How long a pod may take to start, in seconds.</summary>
    public int StartSeconds { get; init; } = 120;

    /// <summary>How long a pod may take to finish its work after SIGTERM, in seconds.</summary>
    public int GraceSeconds { get; init; } = 45;

    /// <summary>The consumer group whose lag <see cref="ScaleLag"/> is about: the service's own name, or what the team sets.</summary>
    public string KafkaGroup() => Env.FirstOrDefault(line => line.StartsWith(GroupVariable + "=", StringComparison.Ordinal))?[(GroupVariable.Length + 1)..] ?? "consume";

    /// <summary>The environment variable that names the consumer group.</summary>
    public const string GroupVariable = "KAFKA_GROUP";
}

/// <summary>What a VerticalPodAutoscaler does beside the horizontal one, which keeps the CPU.</summary>
public enum VerticalMode
{
    /// <summary>There is none.</summary>
    Off,

    /// <summary>It says what it would ask for and changes nothing.</summary>
    Recommend,

    /// <summary>It sets the memory of the pods, in place where the cluster can.</summary>
    Memory,
}
