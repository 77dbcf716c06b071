using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The specs that Small, Medium and Large start from.</summary>
public static class Presets
{
    public static IReadOnlyList<Preset> All { get; } = Enum.GetValues<Preset>();

    /// <summary>What a preset is good for, in a sentence for the form.</summary>
    public static string Describe(Preset preset) => preset switch
    {
        Preset.Small => "Development: one of everything, fits a node of four cores.",
        Preset.Medium => "Production of ordinary size: two edge locations, autoscaled services, replicated data.",
        Preset.Large => "Heavy production: three locations in three zones, sharded cache, five brokers.",
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Unknown preset."),
    };

    public static Result<Preset> Parse(string? word) =>
        All.Where(preset => preset.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)).Select(preset => (Preset?)preset).FirstOrDefault()
            is { } known ? known : SpecErrors.UnknownPreset(word);

    public static EnvironmentSpec Create(Preset preset, Purpose purpose, string hostName) => preset switch
    {
        Preset.Small => Small(purpose, hostName),
        Preset.Medium => Medium(purpose, hostName),
        Preset.Large => Large(purpose, hostName),
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Unknown preset."),
    };

    private static EnvironmentSpec Small(Purpose purpose, string hostName) => new()
    {
        Preset = Preset.Small,
        Purpose = purpose,
        HostName = hostName,
        Edge = new(["jakarta"], 1, 1),
        LoadBalancer = new(new(1, 1), WafMode.Detection, 50),
        Ingress = new(new(1, 1), IngressMode.Dedicated),
        Frontend = new(SampleImages.Frontend, new(1, 1), new(50, 64)),
        Gateway = new(SampleImages.Service, new(1, 2), new(100, 128)),
        Publish = new(SampleImages.Service, new(1, 1), new(100, 128)),
        Consume = new(SampleImages.Service, new(1, 1), new(100, 128)),
        MySql = new(0, 10, new(250, 1024), 7),
        Redis = new(1, 0, 256, RedisEngine.Redis, Persistent: true),
        PubSub = new(1, 3, 10, new(250, 1024)),
        Metrics = new(7, 10, Grafana: true),
        Logs = new(7, 10),
        Alerting = new(1, 5, null),
        Housekeeping = new(1, 0),
        Rollout = RolloutSpec.Default,
    };

    private static EnvironmentSpec Medium(Purpose purpose, string hostName) => new()
    {
        Preset = Preset.Medium,
        Purpose = purpose,
        HostName = hostName,
        Edge = new(["jakarta", "singapore"], 2, 10),
        LoadBalancer = new(new(3, 10, 60), WafMode.Blocking, 100),
        Ingress = new(new(2, 8), IngressMode.Dedicated),
        Frontend = new(SampleImages.Frontend, new(2, 6), new(100, 128)),
        Gateway = new(SampleImages.Service, new(3, 10), new(250, 256)),
        Publish = new(SampleImages.Service, new(2, 6), new(250, 256)),
        Consume = new(SampleImages.Service, new(2, 6), new(250, 256)),
        MySql = new(2, 50, new(1000, 4096), 14) { MaxConnections = 400 },
        Redis = new(3, 1, 1536, RedisEngine.Redis, Persistent: true),
        PubSub = new(3, 12, 50, new(500, 2048)),
        Metrics = new(15, 50, Grafana: true),
        Logs = new(30, 50),
        Alerting = new(2, 2, null),
        Housekeeping = new(1, 1),
        Rollout = RolloutSpec.Default,
    };

    private static EnvironmentSpec Large(Purpose purpose, string hostName) => new()
    {
        Preset = Preset.Large,
        Purpose = purpose,
        HostName = hostName,
        Edge = new(["jakarta", "singapore", "sydney"], 3, 50),
        LoadBalancer = new(new(4, 20, 60), WafMode.Blocking, 200),
        Ingress = new(new(3, 12), IngressMode.Dedicated),
        Frontend = new(SampleImages.Frontend, new(3, 12), new(200, 256)),
        Gateway = new(SampleImages.Service, new(4, 30), new(500, 512)),
        Publish = new(SampleImages.Service, new(3, 15), new(500, 512)),
        Consume = new(SampleImages.Service, new(3, 24), new(500, 512)),
        MySql = new(3, 500, new(4000, 16384), 30) { MaxConnections = 1000 },
        Redis = new(6, 1, 4096, RedisEngine.Redis, Persistent: true),
        PubSub = new(5, 24, 500, new(2000, 8192)),
        Metrics = new(30, 200, Grafana: true),
        Logs = new(90, 200),
        Alerting = new(3, 1, null),
        Housekeeping = new(1, 3),
        Rollout = RolloutSpec.Default,
    };
}

/// <summary>Images that a preset names until the team puts its own in.</summary>
public static class SampleImages
{
    public const string Frontend = "nginxinc/nginx-unprivileged:1.30.4-alpine-slim";

    /// <summary>A small public web service; it stands in for gateway, publish and consume.</summary>
    public const string Service = "ghcr.io/stefanprodan/podinfo:6.9.2";
}
