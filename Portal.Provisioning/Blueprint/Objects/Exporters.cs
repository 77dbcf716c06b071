using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>The containers that turn a program's own numbers into metrics.</summary>
/// <remarks>
/// Prometheus scrapes every container port whose name begins with <c>metrics</c>. An exporter has no readiness probe: a sick exporter
/// must not take its pod out of service.
/// </remarks>
internal static class Exporters
{
    public const string Port = "metrics";
    public const string Name = "exporter";

    /// <summary>Name of the container that measures a volume, and of its port.</summary>
    public const string VolumeName = "volume-exporter";
    public const string VolumePort = "metrics-volume";

    /// <summary>Name of the port of fluent-bit, which has its metrics at a path of its own.</summary>
    public const string ShipperPort = "metrics-shipper";

    public static string PathOf(string port) => port == ShipperPort ? "/api/v2/metrics/prometheus" : "/metrics";

    public static ContainerPlan Container(string image, int port, IReadOnlyList<string> args, IReadOnlyList<JsonObject> env, int memoryMiB = 48) =>
        new(Name, image, new PodSize(10, memoryMiB))
        {
            Args = args,
            Env = env,
            Ports = [(Port, port)],
            DiskMiB = 32,
            Live = Probes.Tcp(Port, period: 30, failures: 4),
        };

    /// <summary>Measures how full the pod's volume is: that needs no right to ask the kubelet, only the volume.</summary>
    public static ContainerPlan Volume(string volume) => new(VolumeName, Images.NodeExporter, new PodSize(10, 32))
    {
        Args =
        [
            "--collector.disable-defaults", "--collector.filesystem", $"--web.listen-address=:{Ports.VolumeMetrics}",
            "--collector.filesystem.mount-points-exclude=^/(dev|etc|proc|run|sys|tmp|var)($|/)", "--collector.filesystem.fs-types-exclude=^(overlay|tmpfs|proc|sysfs|cgroup2?|mqueue|devpts)$",
        ],
        Ports = [(VolumePort, Blueprint.Ports.VolumeMetrics)],
        Mounts = [Volumes.ReadOnly(volume, "/volume")],
        DiskMiB = 32,
        Live = Probes.Tcp(VolumePort, period: 30, failures: 4),
    };

    public static ContainerPlan Nginx() => Container(
        Images.NginxExporter, Ports.NginxMetrics, [$"--nginx.scrape-uri=http://127.0.0.1:{Ports.NginxStatus}/stub_status"], []);
}
