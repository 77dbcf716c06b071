using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.LoadBalancer;

/// <summary>The application load balancer: ends TLS, filters with ModSecurity and the OWASP core rule set, limits rates and routes.</summary>
internal static class LoadBalancerLayer
{
    public const string Certificate = "load-balancer-tls";

    private const string Config = "load-balancer-conf";
    private const string Firewall = "load-balancer-waf";
    private const string Folder = "LoadBalancer/";

    public static void Render(StackContext stack, IngressMode ingress)
    {
        var spec = stack.Spec.LoadBalancer;
        var workload = new Workload(stack, Component.LoadBalancer, "modsecurity-crs", Names.LoadBalancer);
        Credentials.AddCertificate(stack, Component.LoadBalancer, Certificate, Names.LoadBalancer, stack.Dns(Names.LoadBalancer), stack.Spec.HostName);
        ConfigMaps.Add(stack, Component.LoadBalancer, Config, ("nginx.conf", NginxConfig(stack, ingress)));
        ConfigMaps.Add(stack, Component.LoadBalancer, Firewall,
            ("main.conf", Template.Fill(Folder + "modsecurity.conf", ("MODE", spec.Waf == WafMode.Blocking ? "On" : "DetectionOnly"))),
            ("crs-setup.conf", Template.Fill(Folder + "crs-setup.conf")),
            ("exclusions-before.conf", Template.Fill(Folder + "exclusions-before.conf")),
            ("exclusions-after.conf", Template.Fill(Folder + "exclusions-after.conf")));

        var mounts = new[] { Volumes.ReadOnly("tls", "/etc/nginx/tls"), Volumes.ReadOnly("waf", "/etc/nginx/waf") };
        var check = NginxContainer.Check(Images.ModSecurity, mounts) with { Size = new PodSize(100, 256) };
        mounts = [Volumes.ReadOnly("tls", "/etc/nginx/tls"), Volumes.ReadOnly("waf", "/etc/nginx/waf")];
        var nginx = NginxContainer.Serve("load-balancer", Images.ModSecurity, stack.Sizes.LoadBalancer, [("https", Ports.Https)], mounts) with { DiskMiB = 1024 };
        Deployments.Add(workload, spec.Scale, new PodPlan(Users.Nginx, [nginx, Exporters.Nginx()])
        {
            Init = [check],
            Spread = Spread.Strict,
            GraceSeconds = 75,
            SafeToEvict = true,
            Volumes =
            [
                Volumes.ConfigMap(NginxContainer.ConfigVolume, Config),
                Volumes.Empty(NginxContainer.TempVolume, 512),
                Volumes.Secret("tls", Certificate, "tls.crt", "tls.key"),
                Volumes.ConfigMap("waf", Firewall),
            ],
        });
        ServiceObjects.Add(workload, Names.LoadBalancer, Ports.Https, "https");
    }

    private static string NginxConfig(StackContext stack, IngressMode ingress) => Template.Fill(
        Folder + "nginx.conf",
        ("WORKERS", NginxContainer.Workers(stack.Sizes.LoadBalancer)),
        ("RATE", stack.Spec.LoadBalancer.RequestsPerSecond.ToString(CultureInfo.InvariantCulture)),
        ("BURST", (stack.Spec.LoadBalancer.RequestsPerSecond * 2).ToString(CultureInfo.InvariantCulture)),
        ("HOST_NAME", stack.Spec.HostName),
        ("SERVER_NAME", Names.LoadBalancer),
        ("POOLS", Routing.Routes.Pools()),
        // With a shared ingress controller its address is not ours to know: the same routes then lead straight to the services.
        ("UPSTREAMS", ingress == IngressMode.Dedicated ? Routing.Routes.UpstreamsTo($"{Names.Ingress}:{Ports.Http}") : Routing.Routes.Upstreams()));
}
