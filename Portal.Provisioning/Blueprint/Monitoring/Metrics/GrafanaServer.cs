using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Grafana: shows what the environment itself keeps. Its dashboards are code; what is changed by hand in it is gone with its pod.</summary>
internal static class GrafanaServer
{
    private const string Admin = "grafana-admin";
    private const string Config = "grafana-conf";
    private const string Folder = "Monitoring/Metrics/";

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Metrics, "grafana", Names.Grafana, Roles.Grafana);
        Credentials.AddPassword(stack, Component.Metrics, Admin);
        ConfigMaps.Add(stack, Component.Metrics, Config,
            ("datasources.yaml", Template.Fill(Folder + "datasources.yaml", ("SOURCES", string.Concat(Sources(stack))))),
            ("dashboards.yaml", Template.Fill(Folder + "dashboards.yaml")));
        var dashboards = Dashboards.Add(stack);
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
                .. ElasticsearchLogin.Variables(stack),
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
                Volumes.Empty("data", 768), Volumes.Empty("tmp", 128), Volumes.ConfigMap("conf", Config), Volumes.ConfigMaps("dashboards", dashboards),
                Volumes.Secret("admin", Admin, Credentials.PasswordKey),
            ],
        });
        ServiceObjects.Add(workload, Names.Grafana, Ports.Grafana, Exporters.Port);
    }

    private static IEnumerable<string> Sources(StackContext stack)
    {
        if (stack.Metrics == MetricsProvider.Dedicated)
        {
            yield return Template.Fill(Folder + "source-prometheus.yaml",
                ("PROMETHEUS", $"http://{Names.Prometheus}:{Ports.Prometheus}"), ("ALERTMANAGER", $"http://{Names.Alertmanager}:{Ports.Alertmanager}"));
        }

        yield return stack.Spec.Logs.ElasticsearchUrl is { } elasticsearch
            ? Template.Fill(Folder + "source-elasticsearch.yaml", ("URL", elasticsearch), ("INDEX", stack.Identity.Namespace))
            : Template.Fill(Folder + "source-loki.yaml", ("LOKI", $"http://{Names.Loki}:{Ports.Loki}"));
    }
}
