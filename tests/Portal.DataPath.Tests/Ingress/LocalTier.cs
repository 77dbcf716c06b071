using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Ingress;

/// <summary>The frontend's site and the ingress tier, as they are rendered.</summary>
internal static class LocalTier
{
    public static async Task<(LocalNginx Nginx, Browser Browser)> IngressAsync(RenderedStack stack, IReadOnlyDictionary<string, int> services)
    {
        var (directory, ports) = (LocalNginx.NewDirectory(), LoopbackPorts.Free(2));
        var config = (await LocalNginx.LocalAsync(RenderedText.Of(stack, "ingress-conf", "nginx.conf"), directory, ports[1])).With("listen 8080", $"listen 127.0.0.1:{ports[0]}");
        foreach (var (service, port) in services)
        {
            config = config.With($"server {service}:8080", $"server 127.0.0.1:{port}");
        }

        return (await LocalNginx.StartAsync(config, directory, ports[1]), new Browser(ports[0]));
    }

    /// <param name="site">The site's files, by path, with their content.</param>
    public static async Task<(LocalNginx Nginx, Browser Browser)> FrontendAsync(EnvironmentSpec spec, params (string Path, string Content)[] site)
    {
        var stack = RenderedText.Stack(spec);
        var (directory, ports) = (LocalNginx.NewDirectory(), LoopbackPorts.Free(2));
        foreach (var (path, content) in site)
        {
            new RenderedText(path, content).Save(directory, $"html/{path}");
        }

        var config = (await LocalNginx.LocalAsync(RenderedText.Of(stack, "frontend-conf", "nginx.conf"), directory, ports[1]))
            .With("listen 8080", $"listen 127.0.0.1:{ports[0]}").With("/usr/share/nginx/html", $"{directory}/html");
        if (spec.Frontend.Env.Count > 0)
        {
            RenderedText.Of(stack, "frontend-env", "env.js").Save(directory, "etc/env/env.js");
            config = config.With("/etc/nginx/env", $"{directory}/etc/env");
        }

        return (await LocalNginx.StartAsync(config, directory, ports[1]), new Browser(ports[0]));
    }
}
