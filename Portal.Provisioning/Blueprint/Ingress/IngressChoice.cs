using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Routing;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>How a cluster can give what a spec asks of its ingress: a controller that it has and that the platform's owners describe, or a tier of the environment's own.</summary>
/// <param name="Controller">The shared one; null for a tier of the environment's own.</param>
/// <param name="Note">What is other than asked for, in a sentence; null when nothing is.</param>
internal sealed record IngressChoice(IngressMode Mode, IngressController? Controller, string? Note)
{
    /// <summary>The port at the pods of the tier, its own or shared ones.</summary>
    public int PodPort => Controller?.PodPort ?? Ports.Http;

    /// <summary>What is asked for, whatever a cluster can give.</summary>
    public static IngressChoice AsAsked(IngressSpec spec) => new(spec.Mode, null, null);

    public static IngressChoice Of(IngressSpec spec, ClusterCapabilities capabilities, PlatformSettings platform) => spec.Mode switch
    {
        IngressMode.Dedicated => new(IngressMode.Dedicated, null, null),
        IngressMode.IngressClass => Shared(spec, "ingress class", capabilities.IngressClasses, capabilities.DefaultIngressClass, platform.IngressControllers.Where(each => each.Gateway is null)),
        IngressMode.Gateway when capabilities.HasGatewayApi => Shared(spec, "gateway class", capabilities.GatewayClasses, standard: null, platform.IngressControllers.Where(each => each.Gateway is not null)),
        IngressMode.Gateway => Own("the cluster has no Gateway API (gateway.networking.k8s.io/v1)"),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Mode, "Unknown mode."),
    };

    /// <summary>A route that the tier cannot have, so that the load balancer follows it itself: an Ingress knows paths alone.</summary>
    public bool LeavesOut(RouteSpec route) => Mode == IngressMode.IngressClass && route.Header is not null;

    /// <summary>A route that the load balancer follows itself, straight to the service: one that the tier cannot have, or whose service has a canary, of which an Ingress knows nothing either.</summary>
    public bool GoesDirect(RouteTable table, RouteSpec route) => LeavesOut(route) || (Mode == IngressMode.IngressClass && table.CanaryOf(route.Service) is not null);

    /// <param name="classes">Those of the cluster.</param>
    /// <param name="standard">The class that the cluster marks as its default, where it can.</param>
    /// <param name="controllers">Those that are described.</param>
    private static IngressChoice Shared(IngressSpec spec, string what, IReadOnlyList<string> classes, string? standard, IEnumerable<IngressController> controllers)
    {
        var usable = controllers.Where(controller => classes.Contains(controller.Class)).ToDictionary(controller => controller.Class, StringComparer.Ordinal);
        if (spec.ClassName is { } wanted)
        {
            return usable.TryGetValue(wanted, out var named) ? new(spec.Mode, named, null)
                : classes.Contains(wanted) ? Own(Undescribed($"the {what} \"{wanted}\" is not one", spec.Mode))
                : Own($"the cluster has no {what} \"{wanted}\"");
        }

        string[] names = [.. classes.Where(usable.ContainsKey)];
        return names switch
        {
            [] when classes.Count == 0 => Own($"the cluster has no {what}"),
            [] => Own(Undescribed($"no {what} of the cluster ({string.Join(", ", classes)}) is one", spec.Mode)),
            _ when standard is not null && usable.TryGetValue(standard, out var usual) => new(spec.Mode, usual, null),
            [var only] => new(spec.Mode, usable[only], null),
            [var first, ..] => new(spec.Mode, usable[first], $"The {what} \"{first}\" is the first of several, {string.Join(", ", names)}, of which none is the default. Name the one that is meant."),
        };
    }

    private static string Undescribed(string which, IngressMode mode) =>
        $"{which} whose controller the portal knows. The platform's owners describe it with the setting Platform:IngressControllers ({(mode == IngressMode.Gateway ? "Class, Service and Gateway" : "Class and Service")})";

    private static IngressChoice Own(string because) =>
        new(IngressMode.Dedicated, null, $"The environment runs its own ingress tier: {because}.");
}
