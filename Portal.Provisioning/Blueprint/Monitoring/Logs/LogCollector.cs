using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Logs;

/// <summary>Alloy: reads the pods' logs through the API server and hands them on.</summary>
/// <remarks>
/// Alloy can write to Loki and not to Elasticsearch, and what writes to Elasticsearch can read the files of a node and not the API
/// server. So for Elasticsearch fluent-bit stands beside it and takes the lines from it over loopback.
/// </remarks>
internal static class LogCollector
{
    private const string Config = "alloy-conf";
    private const string Collector = "alloy";
    private const string Folder = "Monitoring/Logs/";

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Logs, "alloy", Collector, Roles.Collector) { Account = Collector };
        AccessRoles.Add(workload, ("", ["pods", "pods/log", "events"], ["get", "list", "watch"]));
        var isElasticsearch = stack.Spec.Logs.Provider == LogsProvider.Elasticsearch;
        ConfigMaps.Add(stack, Component.Logs, Config, [
            ("config.alloy", Template.Fill(
                Folder + "config.alloy",
                ("NAMESPACE", stack.Identity.Namespace),
                ("SELECTOR", $"{Labels.PartOf}={stack.Identity.Name}"),
                ("SILENT", $"{Exporters.Name}|{Exporters.VolumeName}"),
                ("RECEIVER", isElasticsearch ? "loki.process.output.receiver" : "loki.write.output.receiver"),
                ("OUTPUT", isElasticsearch
                    ? Template.Fill(Folder + "to-elasticsearch.alloy", ("SHIPPER", $"http://127.0.0.1:{Ports.LogShipper}"))
                    : Template.Fill(Folder + "to-loki.alloy", ("LOKI", $"http://{Names.Loki}:{Ports.Loki}"))))),
            .. isElasticsearch ? [("fluent-bit.yaml", Shipping(stack))] : Array.Empty<(string, string)>(),
        ]);
        var alloy = new ContainerPlan(Collector, Images.Alloy, stack.Sizes.Collector)
        {
            Args = ["run", "/etc/alloy/config.alloy", "--storage.path=/var/lib/alloy", $"--server.http.listen-addr=0.0.0.0:{Ports.Alloy}", "--disable-reporting"],
            Ports = [(Exporters.Port, Ports.Alloy)],
            Mounts = [Volumes.Mount("data", "/var/lib/alloy"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("conf", "/etc/alloy")],
            DiskMiB = 384,
            Startup = Probes.Http("/-/ready", Exporters.Port, period: 2, failures: 60),
            Live = Probes.Http("/-/healthy", Exporters.Port, period: 15, failures: 6),
            Ready = Probes.Http("/-/ready", Exporters.Port, period: 5, failures: 3),
        };
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Alloy, isElasticsearch ? [alloy, Shipper(stack)] : [alloy])
        {
            UsesApi = true,
            SafeToEvict = true,
            Volumes =
            [
                Volumes.ConfigMap("conf", Config), Volumes.Empty("data", 256), Volumes.Empty("tmp", 64),
                .. isElasticsearch ? [Volumes.Empty("buffer", 512)] : Array.Empty<System.Text.Json.Nodes.JsonObject>(),
            ],
        });
    }

    private static ContainerPlan Shipper(StackContext stack) => new("fluent-bit", Images.FluentBit, new PodSize(100, 128))
    {
        Args = ["--config=/etc/fluent-bit/fluent-bit.yaml"],
        Env = [.. ElasticsearchLogin.Variables(stack)],
        Ports = [(Exporters.ShipperPort, Ports.LogShipperMetrics)],
        Mounts = [Volumes.ReadOnly("conf", "/etc/fluent-bit"), Volumes.Mount("buffer", "/buffer")],
        DiskMiB = 576,
        Live = Probes.Http("/", Exporters.ShipperPort, period: 15, failures: 6),
        Ready = Probes.Http("/", Exporters.ShipperPort, period: 5, failures: 3),
    };

    private static string Shipping(StackContext stack)
    {
        var url = new Uri(stack.Spec.Logs.ElasticsearchUrl!);
        return Template.Fill(
            Folder + "fluent-bit.yaml",
            ("LISTEN", Text(Ports.LogShipper)),
            ("METRICS", Text(Ports.LogShipperMetrics)),
            ("HOST", url.IdnHost),
            ("PORT", Text(url.Port)),
            ("PATH", url.AbsolutePath.TrimEnd('/') is { Length: > 0 } path ? $"      path: \"{path}\"\n" : ""),
            ("TLS", url.Scheme == Uri.UriSchemeHttps ? "on" : "off"),
            ("INDEX", stack.Identity.Namespace));
    }

    private static string Text(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
