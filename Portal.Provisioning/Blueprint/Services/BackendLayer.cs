using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases;
using Portal.Provisioning.Blueprint.Databases.Kafka;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Databases.Redis;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>Gateway, publish and consume: three services of one shape.</summary>
/// <remarks>
/// What an image must do: serve HTTP on 8080 with <c>/livez</c> (the process alone) and <c>/readyz</c> (what it cannot work without),
/// or paths that the spec names instead, metrics on 9090, run as any user with a read-only root file system, finish its work within the
/// spec's grace after SIGTERM. Addresses come as environment variables, passwords as files of /run/secrets/portal.
/// </remarks>
internal static class BackendLayer
{
    public static void Render(StackContext stack, Component component, ServiceSpec spec)
    {
        var name = component.Slug();
        var workload = new Workload(stack, component, name, name);
        Deployments.AddService(workload, spec, Pod(stack, component, spec), ConsumerLag.Of(stack, spec));
        ServiceObjects.Add(workload, name, Ports.Http, "http");
        if (spec.Canary is { } canary)
        {
            var beside = workload with { Name = name + Labels.CanarySuffix, IsCanary = true };
            Deployments.AddCanary(beside, spec, canary.Pods, Pod(stack, component, spec with { Image = canary.Image }));
            ServiceObjects.Add(beside, beside.Name, Ports.Http, "http");
        }
    }

    private static PodPlan Pod(StackContext stack, Component component, ServiceSpec spec)
    {
        var name = component.Slug();
        var live = spec.LivePath ?? (IsSample(spec) ? "/healthz" : "/livez");
        var google = PubSubLayer.GoogleCredential(stack.Spec);
        var container = new ContainerPlan(name, spec.Image, spec.Size)
        {
            // The sample has other ports by itself, and answers /healthz where the contract says /livez.
            Command = IsSample(spec) ? ["./podinfo", $"--port={Ports.Http}", $"--port-metrics={Ports.ServiceMetrics}", "--level=info"] : [],
            EnvFromConfigMap = Names.AppEndpoints,
            Env = ServicePods.Env(spec, [Env.Field("POD_NAME", "metadata.name"), .. ConsumerLag.Env(spec)]),
            Ports = [("http", Ports.Http), (Exporters.Port, Ports.ServiceMetrics)],
            Mounts = [Volumes.Mount("tmp", "/tmp"), Volumes.ReadOnly("credentials", "/run/secrets/portal"), .. ServicePods.Mounts(spec), .. google is { Mount: var mount } ? [mount] : Array.Empty<JsonObject>()],
            DiskMiB = 256,
            Startup = Probes.Http(live, "http", period: 1, failures: spec.StartSeconds),
            Live = Probes.Http(live, "http", period: 10, failures: 3),
            Ready = Probes.Http(spec.ReadyPath ?? "/readyz", "http", period: 5, failures: 2),
            PreStop = Probes.Sleep(ServicePods.DrainSeconds),
        };
        return new PodPlan(Users.Application, [container])
        {
            Spread = Spread.Preferred,
            GraceSeconds = ServicePods.GraceSeconds(spec),
            SafeToEvict = true,
            Volumes = [Volumes.Empty("tmp", 128), Volumes.Credentials("credentials", CredentialsOf(stack.Spec, component)), .. ServicePods.Volumes(spec), .. google is { Volume: var volume } ? [volume] : Array.Empty<JsonObject>()],
        };
    }

    private static bool IsSample(ServiceSpec spec) => spec.Image == SampleImages.Service;

    private static (string Secret, string File)[] CredentialsOf(EnvironmentSpec spec, Component component)
    {
        (string Secret, string File)[] data =
        [
            (MySqlLayer.PasswordSecret(spec), "mysql-password"),
            (AppCredential.Current(RedisLayer.AppPassword, spec.DayTwo.RedisCredential), "redis-password"),
        ];
        return component == Component.Gateway || PubSubLayer.IsGoogle(spec)
            ? data
            : [.. data, (AppCredential.Current(KafkaLayer.AppPassword, spec.DayTwo.PubSubCredential), "kafka-password")];
    }
}
