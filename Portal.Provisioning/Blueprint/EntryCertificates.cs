using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases;

namespace Portal.Provisioning.Blueprint;

/// <summary>The Secrets that hold the certificates of the way in: a generated Secret is made once and never changed, so that another certificate is another Secret.</summary>
/// <remarks>Each comes with an authority of its own, whose key nobody keeps. Secrets are not pruned: who returns to a host name finds its certificate again.</remarks>
internal static class EntryCertificates
{
    private const string Plain = "load-balancer-tls";

    /// <summary>What the edges show to the world: one for each host name and edition. The edges roll because they name another one.</summary>
    public static string Edge(EnvironmentSpec spec) => AppCredential.Name($"edge-tls-{Names.Hash(spec.HostName)}", 1 + spec.DayTwo.EdgeCertificates);

    /// <summary>What the load balancer shows to the edges: a new edition only when every edge trusts it, which is when the one before is no longer kept.</summary>
    /// <remarks>nginx reads what it trusts when it starts. So the edges roll first, in a generation of their own; the load balancer in the next, before the edges forget the old one.</remarks>
    public static string LoadBalancer(EnvironmentSpec spec) =>
        AppCredential.Previous(Plain, spec.DayTwo.LoadBalancerCertificate) ?? AppCredential.Current(Plain, spec.DayTwo.LoadBalancerCertificate);

    /// <summary>Those that the edges trust.</summary>
    public static IReadOnlyList<string> Trusted(EnvironmentSpec spec) => [.. AppCredential.Accepted(Plain, spec.DayTwo.LoadBalancerCertificate).Select(edition => edition.Secret)];
}
