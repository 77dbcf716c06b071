using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring;

/// <summary>A container beside Prometheus or Alertmanager that makes it read a changed configuration without a restart.</summary>
/// <remarks>A restart would replay the write-ahead log for minutes, and with a broken configuration would not come back; asked to read it, they refuse and go on.</remarks>
internal static class Reloader
{
    private const string Mount = "reload";

    /// <param name="watched">The volumes with what the program reads, and where they are mounted.</param>
    public static ContainerPlan Container(Workload workload, int port, params IReadOnlyList<(string Volume, string Path)> watched)
    {
        ConfigMaps.Add(workload.Stack, workload.Component, Scripts(workload), ("reload.sh", Template.Fill("Monitoring/reload.sh")));
        return new("reload", ImageOf(workload), new PodSize(10, 24))
        {
            IsSidecar = true,
            Command = ["/bin/sh", "/scripts/reload.sh", .. watched.Select(each => each.Path)],
            Env = [Env.Value("RELOAD", $"http://127.0.0.1:{port}/-/reload"), Env.Value("EVERY_SECONDS", "10")],
            Mounts = [.. watched.Select(each => Volumes.ReadOnly(each.Volume, each.Path)), Volumes.ReadOnly(Mount, "/scripts")],
        };
    }

    public static System.Text.Json.Nodes.JsonObject Volume(Workload workload) => Volumes.ConfigMap(Mount, Scripts(workload));

    // Their images hold a shell and wget, so that nothing else has to be pulled.
    private static string ImageOf(Workload workload) => workload.Name == Names.Prometheus ? Images.Prometheus : Images.Alertmanager;

    private static string Scripts(Workload workload) => $"{workload.Name}-reload";
}
