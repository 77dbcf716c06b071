using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases.Kafka;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Databases.Redis;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>Gateway, publish and consume: three services of one shape.</summary>
/// <remarks>
/// What an image must do: serve HTTP on 8080 with <c>/livez</c> (the process alone) and <c>/readyz</c> (what it cannot work without),
/// metrics on 9090, run as any user with a read-only root file system, finish its work within 45 seconds of SIGTERM. Addresses come
/// as environment variables, passwords as files of /run/secrets/portal.
/// </remarks>
internal static class BackendLayer
{
    public static void Render(StackContext stack, Component component, ServiceSpec spec)
    {
        var name = component.Slug();
        var workload = new Workload(stack, component, name, name);
        var container = new ContainerPlan(name, spec.Image, spec.Size)
        {
            EnvFromConfigMap = Names.AppEndpoints,
            Env = [Env.Field("POD_NAME", "metadata.name")],
            Ports = [("http", Ports.Http), (Exporters.Port, Ports.ServiceMetrics)],
            Mounts = [Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("credentials", "/run/secrets/portal")],
            DiskMiB = 256,
            Startup = Probes.Http("/livez", "http", period: 1, failures: 120),
            Live = Probes.Http("/livez", "http", period: 10, failures: 3),
            Ready = Probes.Http("/readyz", "http", period: 5, failures: 2),
            PreStop = Probes.Sleep(10),
        };
        Deployments.Add(
            workload,
            spec.Scale,
            new PodPlan(Users.Application, [spec.Image == SampleImages.Service ? AsSample(container) : container])
            {
                Spread = Spread.Preferred,
                GraceSeconds = 60,
                SafeToEvict = true,
                Volumes = [Volumes.Empty("tmp", 128), Volumes.Credentials("credentials", CredentialsOf(component))],
            },
            recommended: spec.Vertical == VerticalMode.Off ? null : name);
        ServiceObjects.Add(workload, name, Ports.Http, "http");
    }

    /// <summary>The sample has other ports by itself and answers /healthz where the contract says /livez.</summary>
    private static ContainerPlan AsSample(ContainerPlan container) => container with
    {
        Command = ["./podinfo", $"--port={Ports.Http}", $"--port-metrics={Ports.ServiceMetrics}", "--level=info"],
        Startup = Probes.Http("/healthz", "http", period: 1, failures: 120),
        Live = Probes.Http("/healthz", "http", period: 10, failures: 3),
    };

    private static (string Secret, string File)[] CredentialsOf(Component component) => component == Component.Gateway
        ? [(MySqlLayer.AppPassword, "mysql-password"), (RedisLayer.AppPassword, "redis-password")]
        : [(MySqlLayer.AppPassword, "mysql-password"), (RedisLayer.AppPassword, "redis-password"), (KafkaLayer.AppPassword, "kafka-password")];
}
