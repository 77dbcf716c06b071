using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint;

/// <summary>What the parts ask for whose size the spec leaves to the preset.</summary>
internal sealed record StackSizes(
    PodSize Edge, PodSize LoadBalancer, PodSize Ingress, PodSize Prometheus, PodSize Grafana, PodSize Loki, PodSize Collector, PodSize Alertmanager, PodSize KafkaController)
{
    private static readonly StackSizes s_small = new(
        new(100, 256), new(200, 512), new(50, 128), new(100, 512), new(50, 256), new(100, 384), new(50, 256), new(20, 96), new(200, 768));

    private static readonly StackSizes s_medium = new(
        new(250, 512), new(500, 1024), new(200, 256), new(500, 2048), new(100, 512), new(250, 1024), new(100, 512), new(50, 128), new(250, 1024));

    private static readonly StackSizes s_large = new(
        new(1000, 1024), new(1000, 1536), new(500, 512), new(1000, 4096), new(200, 512), new(1000, 4096), new(250, 1024), new(50, 256), new(500, 2048));

    public static StackSizes For(Preset preset) => preset switch
    {
        Preset.Small => s_small,
        Preset.Medium => s_medium,
        Preset.Large => s_large,
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "Unknown preset."),
    };
}
