using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>The frontend: nginx with the React build.</summary>
/// <remarks>The image holds nginx and the site in /usr/share/nginx/html, and runs as user 101; the configuration is ours.</remarks>
internal static class FrontendLayer
{
    private const string Config = "frontend-conf";

    public static void Render(StackContext stack)
    {
        var spec = stack.Spec.Frontend;
        var workload = new Workload(stack, Component.Frontend, "nginx", Names.Frontend);
        ConfigMaps.Add(stack, Component.Frontend, Config, ("nginx.conf", Template.Fill("Services/frontend.conf", ("WORKERS", NginxContainer.Workers(spec.Size)))));
        var nginx = NginxContainer.Serve("frontend", spec.Image, spec.Size, [("http", Ports.Http)], []);
        Deployments.Add(
            workload,
            spec.Scale,
            new PodPlan(Users.Nginx, [nginx, Exporters.Nginx()])
            {
                Init = [NginxContainer.Check(spec.Image, [])],
                Spread = Spread.Preferred,
                SafeToEvict = true,
                Volumes = [Volumes.ConfigMap(NginxContainer.ConfigVolume, Config), Volumes.Empty(NginxContainer.TempVolume, 64)],
            },
            recommended: spec.Vertical == VerticalMode.Off ? null : nginx.Name);
        ServiceObjects.Add(workload, Names.Frontend, Ports.Http, "http");
    }
}
