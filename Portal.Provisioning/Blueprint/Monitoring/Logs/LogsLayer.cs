using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Logs;

/// <summary>Loki, and Alloy that reads the pods' logs through the API server: no host path, no node agent.</summary>
internal static class LogsLayer
{
    private const string LokiConfig = "loki-conf";
    private const string CollectorConfig = "alloy-conf";
    private const string Collector = "alloy";
    private const string Folder = "Monitoring/Logs/";

    public static void Render(StackContext stack)
    {
        Loki(stack);
        Alloy(stack);
    }

    private static void Loki(StackContext stack)
    {
        var workload = new Workload(stack, Component.Logs, "loki", Names.Loki, Roles.Loki);
        ConfigMaps.Add(stack, Component.Logs, LokiConfig, ("loki.yaml", Template.Fill(
            Folder + "loki.yaml", ("RETENTION_HOURS", (stack.Spec.Logs.RetentionDays * 24).ToString(CultureInfo.InvariantCulture)))));
        var loki = new ContainerPlan("loki", Images.Loki, stack.Sizes.Loki)
        {
            Args = ["-config.file=/etc/loki/loki.yaml", "-target=all"],
            Ports = [(Exporters.Port, Ports.Loki)],
            Mounts = [Volumes.Mount("data", "/loki"), Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("conf", "/etc/loki")],
            DiskMiB = 320,
            Startup = Probes.Http("/ready", Exporters.Port, period: 2, failures: 300),
            // Not /ready, which also says no while Loki waits for others.
            Live = Probes.Http("/loki/api/v1/status/buildinfo", Exporters.Port, period: 15, failures: 6),
            Ready = Probes.Http("/ready", Exporters.Port, period: 5, failures: 3),
        };
        StatefulSets.Add(workload, 1, Names.Loki, new PodPlan(Users.Loki, [loki])
        {
            GraceSeconds = 300,
            Volumes = [Volumes.ConfigMap("conf", LokiConfig), Volumes.Empty("tmp", 256)],
        }, stack.Spec.Logs.StorageGiB);
        ServiceObjects.Add(workload, Names.Loki, Ports.Loki, Exporters.Port);
    }

    private static void Alloy(StackContext stack)
    {
        var workload = new Workload(stack, Component.Logs, "alloy", Collector, Roles.Collector) { Account = Collector };
        AccessRoles.Add(workload, ("", ["pods", "pods/log", "events"], ["get", "list", "watch"]));
        ConfigMaps.Add(stack, Component.Logs, CollectorConfig, ("config.alloy", Template.Fill(
            Folder + "config.alloy",
            ("NAMESPACE", stack.Identity.Namespace),
            ("SELECTOR", $"{Labels.PartOf}={stack.Identity.Name}"),
            ("LOKI", $"http://{Names.Loki}:{Ports.Loki}"))));
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
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Alloy, [alloy])
        {
            UsesApi = true,
            SafeToEvict = true,
            Volumes = [Volumes.ConfigMap("conf", CollectorConfig), Volumes.Empty("data", 256), Volumes.Empty("tmp", 64)],
        });
    }
}
