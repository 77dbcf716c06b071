using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Prometheus, limited to the namespace, and Grafana with the environment's dashboard.</summary>
internal static class MetricsLayer
{
    private const string Config = "prometheus-conf";
    private const string GrafanaAdmin = "grafana-admin";
    private const string GrafanaConfig = "grafana-conf";
    private const string GrafanaDashboards = "grafana-dashboards";
    private const string Folder = "Monitoring/Metrics/";

    public static void Render(StackContext stack)
    {
        Prometheus(stack);
        if (stack.Spec.Metrics.Grafana)
        {
            Grafana(stack);
        }
    }

    private static void Prometheus(StackContext stack)
    {
        var spec = stack.Spec.Metrics;
        var workload = new Workload(stack, Component.Metrics, "prometheus", Names.Prometheus, Roles.Prometheus) { Account = Names.Prometheus };
        AccessRoles.Add(workload, ("", ["pods"], ["get", "list", "watch"]));
        ConfigMaps.Add(stack, Component.Metrics, Config, ("prometheus.yml", Template.Fill(
            Folder + "prometheus.yml", ("ENVIRONMENT", stack.Identity.Name), ("NAMESPACE", stack.Identity.Namespace), ("ALERTMANAGER", stack.Dns(Names.Alertmanager)))));
        var prometheus = new ContainerPlan("prometheus", Images.Prometheus, stack.Sizes.Prometheus)
        {
            Args =
            [
                "--config.file=/etc/prometheus/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                string.Create(CultureInfo.InvariantCulture, $"--storage.tsdb.retention.time={spec.RetentionDays}d"),
                // The volume also holds the write-ahead log, which this limit does not count.
                string.Create(CultureInfo.InvariantCulture, $"--storage.tsdb.retention.size={spec.StorageGiB * 80 / 100}GB"),
                "--web.enable-lifecycle",
            ],
            Ports = [(Exporters.Port, Ports.Prometheus)],
            Mounts = [Volumes.Mount("data", "/prometheus"), Volumes.ReadOnly("conf", "/etc/prometheus"), Volumes.ReadOnly("rules", "/etc/prometheus-rules")],
            Startup = Probes.Http("/-/ready", Exporters.Port, period: 2, failures: 450),
            Live = Probes.Http("/-/healthy", Exporters.Port, period: 15, failures: 6),
            Ready = Probes.Http("/-/ready", Exporters.Port, period: 5, failures: 3),
        };
        StatefulSets.Add(workload, 1, Names.Prometheus, new PodPlan(Users.Prometheus, [prometheus])
        {
            UsesApi = true,
            GraceSeconds = 300,
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.ConfigMap("rules", Names.AlertRules)],
        }, spec.StorageGiB);
        ServiceObjects.Add(workload, Names.Prometheus, Ports.Prometheus, Exporters.Port);
    }

    private static void Grafana(StackContext stack)
    {
        var workload = new Workload(stack, Component.Metrics, "grafana", Names.Grafana, Roles.Grafana);
        Credentials.AddPassword(stack, Component.Metrics, GrafanaAdmin);
        ConfigMaps.Add(stack, Component.Metrics, GrafanaConfig,
            ("datasources.yaml", Template.Fill(
                Folder + "datasources.yaml",
                ("PROMETHEUS", $"http://{Names.Prometheus}:{Ports.Prometheus}"), ("LOKI", $"http://{Names.Loki}:{Ports.Loki}"), ("ALERTMANAGER", $"http://{Names.Alertmanager}:{Ports.Alertmanager}"))),
            ("dashboards.yaml", Template.Fill(Folder + "dashboards.yaml")));
        ConfigMaps.AddLive(stack, Component.Metrics, GrafanaDashboards, ("overview.json", Template.Fill(Folder + "overview.json")));
        var grafana = new ContainerPlan("grafana", Images.Grafana, stack.Sizes.Grafana)
        {
            Env =
            [
                Env.Value("GF_SECURITY_ADMIN_USER", "admin"),
                Env.Value("GF_SECURITY_ADMIN_PASSWORD__FILE", "/run/secrets/grafana/password"),
                Env.Value("GF_USERS_ALLOW_SIGN_UP", "false"),
                Env.Value("GF_ANALYTICS_REPORTING_ENABLED", "false"),
                Env.Value("GF_ANALYTICS_CHECK_FOR_UPDATES", "false"),
                Env.Value("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false"),
            ],
            Ports = [(Exporters.Port, Ports.Grafana)],
            Mounts =
            [
                Volumes.Mount("data", "/var/lib/grafana"), Volumes.Mount("tmp", "/tmp"),
                Volumes.ReadOnly("conf", "/etc/grafana/provisioning/datasources/datasources.yaml", "datasources.yaml"),
                Volumes.ReadOnly("conf", "/etc/grafana/provisioning/dashboards/dashboards.yaml", "dashboards.yaml"),
                Volumes.ReadOnly("dashboards", "/var/lib/grafana-dashboards"), Volumes.ReadOnly("admin", "/run/secrets/grafana"),
            ],
            DiskMiB = 1024,
            Startup = Probes.Http("/api/health", Exporters.Port, period: 2, failures: 150),
            Live = Probes.Http("/api/health", Exporters.Port, period: 15, failures: 6),
            Ready = Probes.Http("/api/health", Exporters.Port, period: 5, failures: 3),
        };
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Grafana, [grafana])
        {
            SafeToEvict = true,
            Volumes =
            [
                Volumes.Empty("data", 768), Volumes.Empty("tmp", 128), Volumes.ConfigMap("conf", GrafanaConfig), Volumes.ConfigMap("dashboards", GrafanaDashboards),
                Volumes.Secret("admin", GrafanaAdmin, Credentials.PasswordKey),
            ],
        });
        ServiceObjects.Add(workload, Names.Grafana, Ports.Grafana, Exporters.Port);
    }
}
