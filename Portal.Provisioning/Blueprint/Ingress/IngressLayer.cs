using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>The ingress tier: nginx of the environment's own, or objects for a controller that the cluster shares.</summary>
internal static class IngressLayer
{
    private const string Config = "ingress-conf";

    /// <summary>The load balancer, the only one that comes here, overwrites it with the one address.</summary>
    private const string ClientAddress = "$http_x_forwarded_for";

    public static void Render(StackContext stack, IngressChoice choice)
    {
        if (choice.Note is { } note)
        {
            stack.Note(note);
        }

        switch (choice.Mode)
        {
            case IngressMode.IngressClass: IngressObject.Add(stack, choice); break;
            case IngressMode.Gateway: HttpRoutes.Add(stack, choice.Controller!.Gateway!); break;
            default: Dedicated(stack); break;
        }
    }

    private static void Dedicated(StackContext stack)
    {
        var routes = RouteTable.Of(stack.Spec);
        var limits = stack.Spec.LoadBalancer;
        var workload = new Workload(stack, Component.Ingress, "nginx", Names.Ingress);
        ConfigMaps.Add(stack, Component.Ingress, Config, ("nginx.conf", Template.Fill(
            "Ingress/nginx.conf",
            ("WORKERS", NginxContainer.Workers(stack.Sizes.Ingress)),
            ("ROUTE_SOURCE", NginxRoutes.Source(routes)),
            ("POOLS", NginxRoutes.Pools(routes)),
            ("UPSTREAMS", NginxRoutes.Upstreams(routes, ClientAddress)))));
        var nginx = NginxContainer.Serve("ingress", Images.Nginx, stack.Sizes.Ingress, [("http", Ports.Http)], []) with { DiskMiB = NginxContainer.DiskMiB(limits) };
        Deployments.Add(workload, stack.Spec.Ingress.Scale, new PodPlan(Users.Nginx, [nginx, Exporters.Nginx()])
        {
            Init = [NginxContainer.Check(Images.Nginx, [])],
            Spread = Spread.Strict,
            GraceSeconds = 75,
            SafeToEvict = true,
            Volumes = [Volumes.ConfigMap(NginxContainer.ConfigVolume, Config), Volumes.Empty(NginxContainer.TempVolume, NginxContainer.TempMiB(limits))],
        });
        ServiceObjects.Add(workload, Names.Ingress, Ports.Http, "http");
    }
}
