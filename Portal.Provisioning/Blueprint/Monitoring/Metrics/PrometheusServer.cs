using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Prometheus of the environment's own, limited to its namespace.</summary>
internal static class PrometheusServer
{
    private const string Config = "prometheus-conf";
    private const string File = "/etc/prometheus/prometheus.yml";
    private const string Rules = "/etc/prometheus-rules";

    public static void Add(StackContext stack)
    {
        var spec = stack.Spec.Metrics;
        var workload = new Workload(stack, Component.Metrics, "prometheus", Names.Prometheus, Roles.Prometheus) { Account = Names.Prometheus };
        AccessRoles.Add(workload, ("", ["pods"], ["get", "list", "watch"]));
        ConfigMaps.AddLive(stack, Component.Metrics, Config, ("prometheus.yml", Configuration(stack)));
        var login = RemoteWrite.Login(spec);
        var reloader = Reloader.Container(workload, Ports.Prometheus, ("conf", "/etc/prometheus"), ("rules", Rules));
        var prometheus = new ContainerPlan("prometheus", Images.Prometheus, stack.Sizes.Prometheus)
        {
            Args =
            [
                $"--config.file={File}",
                "--storage.tsdb.path=/prometheus",
                string.Create(CultureInfo.InvariantCulture, $"--storage.tsdb.retention.time={spec.RetentionDays}d"),
                // The volume also holds the write-ahead log, which this limit does not count.
                string.Create(CultureInfo.InvariantCulture, $"--storage.tsdb.retention.size={spec.StorageGiB * 80 / 100}GB"),
                "--web.enable-lifecycle",
            ],
            Ports = [(Exporters.Port, Ports.Prometheus)],
            Mounts = [Volumes.Mount("data", "/prometheus"), Volumes.ReadOnly("conf", "/etc/prometheus"), Volumes.ReadOnly("rules", Rules), .. login is { Mount: var mount } ? [mount] : Array.Empty<JsonObject>()],
            Startup = Probes.Http("/-/ready", Exporters.Port, period: 2, failures: 450),
            Live = Probes.Http("/-/healthy", Exporters.Port, period: 15, failures: 6),
            Ready = Probes.Http("/-/ready", Exporters.Port, period: 5, failures: 3),
        };
        StatefulSets.Add(workload, 1, Names.Prometheus, new PodPlan(Users.Prometheus, [prometheus])
        {
            Init = [reloader],
            UsesApi = true,
            GraceSeconds = 300,
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.ConfigMap("rules", Names.AlertRules), Reloader.Volume(workload), .. login is { Volume: var volume } ? [volume] : Array.Empty<JsonObject>()],
        }, spec.StorageGiB);
        ServiceObjects.Add(workload, Names.Prometheus, Ports.Prometheus, Exporters.Port);
    }

    /// <summary>The configuration; the operator's PodMonitor takes its relabelling from it, so that series have the same labels in both.</summary>
    public static string Configuration(StackContext stack) => Template.Fill(
        "Monitoring/Metrics/prometheus.yml",
        ("ENVIRONMENT", stack.Identity.Name), ("NAMESPACE", stack.Identity.Namespace), ("ALERTMANAGER", stack.Dns(Names.Alertmanager)),
        ("STATE_METRICS", $"{stack.Dns(Names.StateMetrics)}:{Ports.StateMetrics}"), ("BLACKBOX", EntryProbes.Prober(stack)), ("PROBES", EntryProbes.Targets(stack)),
        ("REMOTE_WRITE", RemoteWrite.Configuration(stack)));
}
