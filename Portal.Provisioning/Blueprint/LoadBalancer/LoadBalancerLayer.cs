using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Ingress;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.LoadBalancer;

/// <summary>The application load balancer: ends TLS, filters with ModSecurity and the OWASP core rule set, limits rates and routes.</summary>
internal static class LoadBalancerLayer
{
    private const string Config = "load-balancer-conf";
    private const string Firewall = "load-balancer-waf";
    private const string Folder = "LoadBalancer/";

    public static void Render(StackContext stack, IngressChoice ingress)
    {
        var spec = stack.Spec.LoadBalancer;
        var workload = new Workload(stack, Component.LoadBalancer, "modsecurity-crs", Names.LoadBalancer);
        foreach (var certificate in EntryCertificates.Trusted(stack.Spec))
        {
            Credentials.AddCertificate(stack, Component.LoadBalancer, certificate, Names.LoadBalancer, stack.Dns(Names.LoadBalancer), stack.Spec.HostName);
        }

        ConfigMaps.Add(stack, Component.LoadBalancer, Config, ("nginx.conf", NginxConfig(stack, ingress)));
        ConfigMaps.Add(stack, Component.LoadBalancer, Firewall,
            ("main.conf", FirewallConfig.Engine(spec)),
            ("crs-setup.conf", FirewallConfig.Setup(spec)),
            ("exclusions-before.conf", FirewallConfig.ExclusionsBefore(spec)),
            ("exclusions-after.conf", FirewallConfig.ExclusionsAfter(spec)));

        var check = NginxContainer.Check(Images.ModSecurity, Mounts(), NextHop.BeforeCheck(ingress)) with { Size = new PodSize(100, 256) };
        var nginx = NginxContainer.Serve("load-balancer", Images.ModSecurity, Size(stack), [("https", Ports.Https)], Mounts()) with { DiskMiB = NginxContainer.DiskMiB(spec) };
        Deployments.Add(workload, spec.Scale, new PodPlan(Users.Nginx, [nginx, Exporters.Nginx()])
        {
            Init = [check],
            Spread = Spread.Strict,
            GraceSeconds = 75,
            SafeToEvict = true,
            Volumes =
            [
                Volumes.ConfigMap(NginxContainer.ConfigVolume, Config),
                Volumes.Empty(NginxContainer.TempVolume, NginxContainer.TempMiB(spec)),
                Volumes.Secret("tls", EntryCertificates.LoadBalancer(stack.Spec), "tls.crt", "tls.key"),
                Volumes.ConfigMap("waf", Firewall),
            ],
        });
        ServiceObjects.Add(workload, Names.LoadBalancer, Ports.Https, "https");
    }

    private static JsonObject[] Mounts() => [Volumes.ReadOnly("tls", "/etc/nginx/tls"), Volumes.ReadOnly("waf", "/etc/nginx/waf")];

    /// <summary>ModSecurity holds a body in memory while it judges it: room for four of the largest.</summary>
    private static PodSize Size(StackContext stack) => stack.Sizes.LoadBalancer with
    {
        MemoryMiB = Math.Max(stack.Sizes.LoadBalancer.MemoryMiB, 256 + 4 * stack.Spec.LoadBalancer.MaxBodyMiB),
    };

    private static string NginxConfig(StackContext stack, IngressChoice ingress)
    {
        var spec = stack.Spec.LoadBalancer;
        var routes = RouteTable.Of(stack.Spec);
        return Template.Fill(
            Folder + "nginx.conf",
            ("WORKERS", NginxContainer.Workers(stack.Sizes.LoadBalancer)),
            ("MAX_BODY_MIB", spec.MaxBodyMiB.ToString(CultureInfo.InvariantCulture)),
            ("RATE", spec.RequestsPerSecond.ToString(CultureInfo.InvariantCulture)),
            ("BURST", (spec.RequestsPerSecond * 2).ToString(CultureInfo.InvariantCulture)),
            ("BLOCKED", NginxRoutes.Lines(spec.BlockedAddresses.Select(AddressText.Canonical).Distinct().Select(address => $"{address} 1;"))),
            ("HOST_NAMES", string.Join(' ', stack.Spec.AllHostNames())),
            ("SERVER_NAME", Names.LoadBalancer),
            ("ROUTE_SOURCE", NginxRoutes.Source(routes)),
            ("POOLS", NextHop.Pools(routes, ingress)),
            ("UPSTREAMS", NextHop.Upstreams(routes, ingress)));
    }
}
