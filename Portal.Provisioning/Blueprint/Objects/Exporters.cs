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

    public static ContainerPlan Container(string image, int port, IReadOnlyList<string> args, IReadOnlyList<JsonObject> env, int memoryMiB = 48) =>
        new("exporter", image, new PodSize(10, memoryMiB))
        {
            Args = args,
            Env = env,
            Ports = [(Port, port)],
            DiskMiB = 32,
            Live = Probes.Tcp(Port, period: 30, failures: 4),
        };

    public static ContainerPlan Nginx() => Container(
        Images.NginxExporter, Ports.NginxMetrics, [$"--nginx.scrape-uri=http://127.0.0.1:{Ports.NginxStatus}/stub_status"], []);
}
