using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Alerting;

/// <summary>Alertmanager, and the rules that Prometheus evaluates.</summary>
internal static class AlertingLayer
{
    private const string Config = "alertmanager-conf";
    private const int StorageGiB = 1;
    private const string Folder = "Monitoring/Alerting/";

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.Alerting;
        var workload = new Workload(stack, Component.Alerting, "alertmanager", Names.Alertmanager);
        ConfigMaps.Add(stack, Component.Alerting, Names.AlertRules, ("rules.yml", Template.Fill(
            Folder + "rules.yml",
            ("ERROR_RATIO", (spec.ErrorRatePercent / 100).ToString("0.######", CultureInfo.InvariantCulture)),
            ("BROKERS", stack.Spec.PubSub.Brokers.ToString(CultureInfo.InvariantCulture)))));
        ConfigMaps.Add(stack, Component.Alerting, Config, ("alertmanager.yml", Template.Fill(Folder + "alertmanager.yml")));
        if (spec.NotifyEmail is not null)
        {
            stack.Note($"Alertmanager sends no mail to {spec.NotifyEmail} by itself: the platform has no mail server setting yet. The alerts are seen in the portal.");
        }

        ServiceObjects.AddHeadless(workload, Names.Alertmanager, (Exporters.Port, Ports.Alertmanager), ("mesh", Ports.AlertmanagerMesh));
        StatefulSets.Add(workload, spec.Replicas, Names.Alertmanager, new PodPlan(Users.Prometheus, [Container(stack)])
        {
            Volumes = [Volumes.ConfigMap("conf", Config)],
        }, StorageGiB);
    }

    private static ContainerPlan Container(StackContext stack) => new("alertmanager", Images.Alertmanager, stack.Sizes.Alertmanager)
    {
        Args = ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager", .. Mesh(stack)],
        Env = [Env.Field("POD_IP", "status.podIP")],
        Ports = [(Exporters.Port, Ports.Alertmanager), ("mesh", Ports.AlertmanagerMesh)],
        Mounts = [Volumes.Mount("data", "/alertmanager"), Volumes.ReadOnly("conf", "/etc/alertmanager")],
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
