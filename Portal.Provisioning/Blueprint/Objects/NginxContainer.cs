using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>nginx as every tier runs it: own configuration, graceful end, local health on the status port.</summary>
/// <remarks>
/// Never wrapped in a shell: the image's stop signal must reach nginx, which then finishes the requests in flight. Probes ask the
/// process itself and not what stands behind it, so that one dead tier does not take down those before it.
/// </remarks>
internal static class NginxContainer
{
    public const string StatusPort = "status";
    public const string TempVolume = "tmp";
    public const string ConfigVolume = "conf";

    public static ContainerPlan Serve(string name, string image, PodSize size, IReadOnlyList<(string Name, int Port)> ports, IReadOnlyList<JsonObject> mounts) =>
        new(name, image, size)
        {
            Command = ["nginx", "-g", "daemon off;"],
            Ports = [.. ports, (StatusPort, Blueprint.Ports.NginxStatus)],
            Mounts = [.. Mounts(), .. mounts],
            DiskMiB = 256,
            Startup = Probes.Http("/healthz", StatusPort, period: 1, failures: 60),
            Live = Probes.Http("/healthz", StatusPort, period: 10, failures: 3),
            Ready = Probes.Http("/healthz", StatusPort, period: 5, failures: 2),
            PreStop = Probes.Sleep(10),
        };

    /// <summary>Checks the configuration with the pod's own mounts: a broken one never replaces a working pod.</summary>
    /// <param name="before">Shell commands that make what the configuration includes, or say more of what it names than nginx does.</param>
    public static ContainerPlan Check(string image, IReadOnlyList<JsonObject> mounts, string before = "") =>
        new("check", image, new PodSize(50, 128))
        {
            Command = ["/bin/sh", "-ec", before + "nginx -t"],
            Mounts = [.. Mounts(), .. mounts],
        };

    /// <summary>Workers for the container's share of CPU; nginx itself would count the node's cores.</summary>
    public static string Workers(PodSize size) => Math.Max(2, (size.CpuMillicores + 999) / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Room for the request bodies that a tier holds on disk: eight of the largest at a time, and what else nginx puts aside.</summary>
    public static int TempMiB(LoadBalancerSpec limits) => 256 + 8 * limits.MaxBodyMiB;

    /// <summary>The disk of a tier that holds request bodies, logs included.</summary>
    public static int DiskMiB(LoadBalancerSpec limits) => TempMiB(limits) + 256;

    private static JsonObject[] Mounts() =>
        [Volumes.ReadOnly(ConfigVolume, "/etc/nginx/nginx.conf", "nginx.conf"), Volumes.Mount(TempVolume, "/tmp")];
}
