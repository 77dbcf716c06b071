using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Ingress;

/// <summary>How a cluster can give what a spec asks of its ingress.</summary>
/// <param name="Class">Name of the IngressClass or GatewayClass; null for a tier of the environment's own.</param>
/// <param name="Note">What is other than asked for, in a sentence; null when nothing is.</param>
internal sealed record IngressChoice(IngressMode Mode, string? Class, string? Note)
{
    public static IngressChoice Of(IngressSpec spec, ClusterCapabilities capabilities) => spec.Mode switch
    {
        IngressMode.Dedicated => new(IngressMode.Dedicated, null, null),
        IngressMode.IngressClass => Shared(spec, "ingress class", capabilities.IngressClasses, capabilities.DefaultIngressClass),
        IngressMode.Gateway when capabilities.HasGatewayApi => Shared(spec, "gateway class", capabilities.GatewayClasses, standard: null),
        IngressMode.Gateway => Own("the cluster has no Gateway API (gateway.networking.k8s.io/v1)"),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Mode, "Unknown mode."),
    };

    /// <param name="standard">The class that the cluster marks as its default, where it can.</param>
    private static IngressChoice Shared(IngressSpec spec, string what, IReadOnlyList<string> classes, string? standard)
    {
        if (spec.ClassName is { } wanted)
        {
            return classes.Contains(wanted) ? new(spec.Mode, wanted, null) : Own($"the cluster has no {what} \"{wanted}\"");
        }

        return (standard, classes.Count) switch
        {
            ({ } name, _) => new(spec.Mode, name, null),
            (null, 0) => Own($"the cluster has no {what}"),
            (null, 1) => new(spec.Mode, classes[0], null),
            _ => new(spec.Mode, classes[0], $"The {what} \"{classes[0]}\" is the first of several, {string.Join(", ", classes)}, of which none is the default. Name the one that is meant."),
        };
    }

    private static IngressChoice Own(string because) =>
        new(IngressMode.Dedicated, null, $"The environment runs its own ingress tier: {because}.");
}
