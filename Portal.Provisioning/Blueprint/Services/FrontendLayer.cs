using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>The frontend: nginx with the React build.</summary>
/// <remarks>
/// The image holds nginx and the site in /usr/share/nginx/html, and runs as user 101; the configuration is ours. The spec's variables
/// are for the browser, so they become a script, /env.js, that sets <c>window.ENV</c>.
/// </remarks>
internal static class FrontendLayer
{
    private const string Config = "frontend-conf";
    private const string Settings = "frontend-env";
    private const string SettingsFolder = "/etc/nginx/env";

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.Frontend;
        var workload = new Workload(stack, Component.Frontend, "nginx", Names.Frontend);
        var hasSettings = spec.Env.Count > 0;
        ConfigMaps.Add(stack, Component.Frontend, Config, ("nginx.conf", NginxConfig(spec)));
        if (hasSettings)
        {
            ConfigMaps.Add(stack, Component.Frontend, Settings, ("env.js", Script(spec)));
        }

        JsonObject[] Mounts() => [.. hasSettings ? [Volumes.ReadOnly("env", SettingsFolder)] : (JsonObject[])[], .. ServicePods.Mounts(spec)];
        var nginx = NginxContainer.Serve("frontend", spec.Image, spec.Size, [("http", Ports.Http)], Mounts());
        Deployments.AddService(workload, spec, new PodPlan(Users.Nginx, [Probed(nginx, spec), Exporters.Nginx()])
        {
            Init = [NginxContainer.Check(spec.Image, Mounts())],
            Spread = Spread.Preferred,
            GraceSeconds = ServicePods.GraceSeconds(spec),
            SafeToEvict = true,
            Volumes =
            [
                Volumes.ConfigMap(NginxContainer.ConfigVolume, Config), Volumes.Empty(NginxContainer.TempVolume, 64),
                .. hasSettings ? [Volumes.ConfigMap("env", Settings)] : (JsonObject[])[], .. ServicePods.Volumes(spec),
            ],
        });
        ServiceObjects.Add(workload, Names.Frontend, Ports.Http, "http");
    }

    /// <summary>nginx answers for itself on its status port, unless the team names a path of the site.</summary>
    private static ContainerPlan Probed(ContainerPlan nginx, ServiceSpec spec) => nginx with
    {
        Startup = Probe(spec.LivePath, period: 1, failures: spec.StartSeconds),
        Live = Probe(spec.LivePath, period: 10, failures: 3),
        Ready = Probe(spec.ReadyPath, period: 5, failures: 2),
        PreStop = Probes.Sleep(ServicePods.DrainSeconds),
    };

    private static JsonObject Probe(string? path, int period, int failures) =>
        path is null ? Probes.Http("/healthz", NginxContainer.StatusPort, period, failures) : Probes.Http(path, "http", period, failures);

    private static string NginxConfig(ServiceSpec spec) => Template.Fill(
        "Services/frontend.conf",
        ("WORKERS", NginxContainer.Workers(spec.Size)),
        // A second less than the pod has, so that nginx ends by itself.
        ("GRACE", Math.Max(1, spec.GraceSeconds - 1).ToString(CultureInfo.InvariantCulture)),
        ("ENV_ROOT", spec.Env.Count == 0 ? "" : $"root {SettingsFolder}; "));

    /// <remarks>The serializer escapes what could end a string or a script.</remarks>
    private static string Script(ServiceSpec spec) =>
        $"window.ENV = {JsonSerializer.Serialize(ServicePods.Variables(spec).ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal))};\n";
}
