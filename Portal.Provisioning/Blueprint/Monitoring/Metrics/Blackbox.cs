using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>The prober: asks what <see cref="EntryProbes"/> names when Prometheus asks it, and tells how the answer was.</summary>
internal static class Blackbox
{
    private const string Config = "blackbox-conf";
    private const string Port = "probes";

    public static void Add(StackContext stack)
    {
        var workload = new Workload(stack, Component.Metrics, "blackbox-exporter", Names.Blackbox, Roles.Blackbox);
        ConfigMaps.Add(stack, Component.Metrics, Config,
            ("blackbox.yml", Template.Fill("Monitoring/Metrics/blackbox.yml", ("HOST_NAME", stack.Spec.HostName), ("LOAD_BALANCER", Names.LoadBalancer))));
        var container = new ContainerPlan("blackbox", Images.Blackbox, new PodSize(10, 48))
        {
            Args = ["--config.file=/etc/blackbox/blackbox.yml", $"--web.listen-address=:{Ports.Blackbox}"],
            Ports = [(Port, Ports.Blackbox)],
            Mounts = [Volumes.ReadOnly("conf", "/etc/blackbox")],
            DiskMiB = 32,
            Live = Probes.Http("/-/healthy", Port, period: 15, failures: 6),
            Ready = Probes.Http("/-/healthy", Port, period: 5, failures: 3),
        };
        Deployments.Add(workload, new Scale(1, 1), new PodPlan(Users.Nobody, [container]) { SafeToEvict = true, Volumes = [Volumes.ConfigMap("conf", Config)] });
        ServiceObjects.Add(workload, Names.Blackbox, Ports.Blackbox, Port);
    }
}
