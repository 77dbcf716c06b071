using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Blueprint.Texts;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>The ingress tier: nginx of the environment's own, or an Ingress for the cluster's shared controller.</summary>
internal static class IngressLayer
{
    private const string Config = "ingress-conf";

    /// <summary>The mode that the cluster can give: without an ingress class the environment brings its own tier.</summary>
    public static IngressMode ModeFor(EnvironmentSpec spec, ClusterCapabilities capabilities) =>
        spec.Ingress.Mode == IngressMode.IngressClass && capabilities.IngressClasses.Count == 0 ? IngressMode.Dedicated : spec.Ingress.Mode;

    public static void Render(StackContext stack, IngressMode mode)
    {
        if (mode != stack.Spec.Ingress.Mode)
        {
            stack.Note("The environment runs its own ingress tier: the cluster has no ingress class.");
        }

        if (mode == IngressMode.Dedicated)
        {
            Dedicated(stack);
        }
        else
        {
            Shared(stack, stack.Capabilities.IngressClasses[0]);
        }
    }

    private static void Dedicated(StackContext stack)
    {
        var workload = new Workload(stack, Component.Ingress, "nginx", Names.Ingress);
        ConfigMaps.Add(stack, Component.Ingress, Config, ("nginx.conf", Template.Fill(
            "Ingress/nginx.conf",
            ("WORKERS", NginxContainer.Workers(stack.Sizes.Ingress)),
            ("POOLS", Routes.Pools()),
            ("UPSTREAMS", Routes.Upstreams()))));
        var nginx = NginxContainer.Serve("ingress", Images.Nginx, stack.Sizes.Ingress, [("http", Ports.Http)], []);
        Deployments.Add(workload, stack.Spec.Ingress.Scale, new PodPlan(Users.Nginx, [nginx, Exporters.Nginx()])
        {
            Init = [NginxContainer.Check(Images.Nginx, [])],
            Spread = Spread.Strict,
            GraceSeconds = 75,
            SafeToEvict = true,
            Volumes = [Volumes.ConfigMap(NginxContainer.ConfigVolume, Config), Volumes.Empty(NginxContainer.TempVolume, 256)],
        });
        ServiceObjects.Add(workload, Names.Ingress, Ports.Http, "http");
    }

    private static void Shared(StackContext stack, string ingressClass)
    {
        stack.Note($"Ingress class \"{ingressClass}\" publishes the routes at the cluster's shared controller; the load balancer reaches the services directly.");
        stack.Add(Component.Ingress, "networking.k8s.io/v1", "Ingress", Names.Ingress, stack.LabelsOf(Component.Ingress), ("spec", Json.Map(
            ("ingressClassName", ingressClass),
            ("rules", Json.List(Json.Map(
                ("host", stack.Spec.HostName),
                ("http", Json.Map(("paths", Json.List([.. Routes.All.Select(route => (JsonNode?)Path(route.Prefix, route.Service))]))))))))));
    }

    private static JsonObject Path(string prefix, string service) => Json.Map(
        ("path", prefix),
        ("pathType", "Prefix"),
        ("backend", Json.Map(("service", Json.Map(("name", service), ("port", Json.Map(("name", "http"))))))));
}
