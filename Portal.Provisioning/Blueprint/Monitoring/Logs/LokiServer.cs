using System.Globalization;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Logs;

/// <summary>Loki: keeps the log lines for as many days as the spec says.</summary>
internal static class LokiServer
{
    private const string Config = "loki-conf";

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Logs, "loki", Names.Loki, Roles.Loki);
        ConfigMaps.Add(stack, Component.Logs, Config, ("loki.yaml", Template.Fill(
            "Monitoring/Logs/loki.yaml", ("RETENTION_HOURS", Hours(stack.Spec.Logs.RetentionDays)), ("AUDIT_HOURS", Hours(stack.Spec.Logs.AuditRetentionDays ?? stack.Spec.Logs.RetentionDays)))));
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
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.Empty("tmp", 256)],
        }, stack.Spec.Logs.StorageGiB);
        ServiceObjects.Add(workload, Names.Loki, Ports.Loki, Exporters.Port);
    }

    private static string Hours(int days) => (days * 24).ToString(CultureInfo.InvariantCulture);
}
