using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.DataPath.Tests.Programs;
using Portal.DataPath.Tests.Web;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.LoadBalancer;

/// <summary>A stand-in for a controller that a cluster shares: nginx that routes as the rendered Ingress says, by host name and prefix, and believes what is forwarded to it.</summary>
/// <remarks>It marks what goes through it with <see cref="Mark"/>, and answers 404 to host names that no Ingress has.</remarks>
internal static class LocalController
{
    public const string Mark = "X-Through-Controller";

    public static async Task<(LocalNginx Nginx, int Port)> StartAsync(RenderedStack stack, IReadOnlyDictionary<string, Origin> services)
    {
        var (directory, ports) = (LocalNginx.NewDirectory(), LoopbackPorts.Free(2));
        var ingress = stack.Manifests.Single(manifest => manifest.Object.Kind == "Ingress").Object;
        var text = new StringBuilder($$"""
            pid {{directory}}/tmp/nginx.pid; error_log /dev/stderr warn;
            events { }
            http {
            client_body_temp_path {{directory}}/tmp/c; proxy_temp_path {{directory}}/tmp/p; fastcgi_temp_path {{directory}}/tmp/f; uwsgi_temp_path {{directory}}/tmp/u; scgi_temp_path {{directory}}/tmp/s;
            access_log off;
            server { listen 127.0.0.1:{{ports[1]}}; location = /healthz { return 200 "ok\n"; } }
            server { listen 127.0.0.1:{{ports[0]}} default_server; return 404; }

            """);
        foreach (var rule in ingress.Items("spec", "rules"))
        {
            text.Append(CultureInfo.InvariantCulture, $"server {{ listen 127.0.0.1:{ports[0]}; server_name {rule["host"]};\n");
            foreach (var path in (JsonArray)rule["http"]!["paths"]!)
            {
                var (prefix, service) = ((string)path!["path"]!, (string)path["backend"]!["service"]!["name"]!);
                var to = $"{{ proxy_set_header Host $host; proxy_set_header {Mark} yes; proxy_pass http://127.0.0.1:{services[service].Port}; }}";
                // A prefix counts whole parts of the path.
                text.Append(prefix == "/" ? $"location / {to}\n" : $"location = {prefix} {to}\nlocation {prefix}/ {to}\n");
            }

            text.Append("}\n");
        }

        text.Append("}\n");
        return (await LocalNginx.StartAsync(new("the controller", text.ToString()), directory, ports[1]), ports[0]);
    }
}
