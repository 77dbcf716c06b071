using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Monitoring.Alerting;

/// <summary>The rules that Prometheus evaluates, and Alertmanager beside a Prometheus of the environment's own.</summary>
internal static class AlertingLayer
{
    private const string Config = "alertmanager-conf";
    private const string Receivers = "alert-receivers";
    private const int StorageGiB = 1;

    public static void Render(StackContext stack)
    {
        switch (stack.Metrics)
        {
            case MetricsProvider.Dedicated:
                ConfigMaps.AddLive(stack, Component.Alerting, Names.AlertRules, ("rules.yml", AlertRules.File(stack)));
                Alertmanager(stack);
                break;
            case MetricsProvider.Operator:
                // The cluster's Prometheus goes on while the environment is paused: that nothing answers then is no alert.
                if (!stack.Spec.DayTwo.Paused)
                {
                    stack.Add(Component.Alerting, "monitoring.coreos.com/v1", "PrometheusRule", stack.Identity.Namespace, stack.LabelsOf(Component.Alerting),
                        ("spec", Json.Map(("groups", AlertRules.Groups(stack)))));
                }

                stack.Note("The cluster's Prometheus evaluates the alert rules. Whom its Alertmanager tells is set there; the receivers of this environment are not used.");
                break;
            default:
                // Datadog has monitors of its own.
                break;
        }
    }

    private static void Alertmanager(StackContext stack)
    {
        var spec = stack.Spec.Alerting;
        var workload = new Workload(stack, Component.Alerting, "alertmanager", Names.Alertmanager);
        ConfigMaps.AddLive(stack, Component.Alerting, Config, ("alertmanager.yml", Notifications.Configuration(spec, stack.Platform.Mail)));
        if (spec.NotifyEmail is not null && stack.Platform.Mail is null)
        {
            stack.Note($"Alerts are not mailed to {spec.NotifyEmail}: the platform has no mail server. They are seen in the portal.");
        }

        ServiceObjects.AddHeadless(workload, Names.Alertmanager, (Exporters.Port, Ports.Alertmanager), ("mesh", Ports.AlertmanagerMesh));
        var reloader = Reloader.Container(workload, Ports.Alertmanager, ("conf", "/etc/alertmanager"));
        StatefulSets.Add(workload, spec.Replicas, Names.Alertmanager, new PodPlan(Users.Prometheus, [Container(stack)])
        {
            Init = [reloader],
            Volumes = [Volumes.ConfigMap("conf", Config), Volumes.OptionalSecret("receivers", Receivers), Reloader.Volume(workload)],
        }, StorageGiB);
    }

    private static ContainerPlan Container(StackContext stack) => new("alertmanager", Images.Alertmanager, stack.Sizes.Alertmanager)
    {
        Args = ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager", .. Mesh(stack)],
        Env = [Env.Field("POD_IP", "status.podIP")],
        Ports = [(Exporters.Port, Ports.Alertmanager), ("mesh", Ports.AlertmanagerMesh)],
        Mounts = [Volumes.Mount("data", "/alertmanager"), Volumes.ReadOnly("conf", "/etc/alertmanager"), Volumes.ReadOnly("receivers", "/run/secrets/alert-receivers")],
        Startup = Probes.Http("/-/ready", Exporters.Port, period: 2, failures: 60),
        Live = Probes.Http("/-/healthy", Exporters.Port, period: 15, failures: 6),
        Ready = Probes.Http("/-/ready", Exporters.Port, period: 5, failures: 3),
    };

    private static IEnumerable<string> Mesh(StackContext stack) => stack.Spec.Alerting.Replicas == 1
        ? ["--cluster.listen-address="]
        : [
            $"--cluster.listen-address=$(POD_IP):{Ports.AlertmanagerMesh}",
            .. Enumerable.Range(0, stack.Spec.Alerting.Replicas)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"--cluster.peer={stack.Dns(Names.Alertmanager, $"{Names.Alertmanager}-{i}")}:{Ports.AlertmanagerMesh}")),
        ];
}
