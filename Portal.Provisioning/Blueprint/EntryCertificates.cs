using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint;

/// <summary>The Secrets that hold the certificates of the way in: a generated Secret is made once and never changed, so that another certificate is another Secret.</summary>
/// <remarks>Each comes with an authority of its own, whose key nobody keeps. Secrets are not pruned: who returns to a host name finds its certificate again.</remarks>
internal static class EntryCertificates
{
    private const string Plain = "load-balancer-tls";

    /// <summary>Who makes the edges' certificate on this cluster.</summary>
    public static CertificateSource SourceOf(CertificateSpec spec, ClusterCapabilities capabilities) =>
        spec.Source == CertificateSource.CertManager && !capabilities.HasCertManager ? CertificateSource.Generated : spec.Source;

    /// <summary>What the edges show to the world: one for the host names and each edition, or whose it is. The edges roll because they name another one.</summary>
    /// <remarks>
    /// Other host names are another Certificate too: new edges wait until it is issued, and the old ones serve meanwhile. cert-manager and
    /// people change their Secret in place, so that nginx is told to read it again.
    /// </remarks>
    public static string Edge(EnvironmentSpec spec, ClusterCapabilities capabilities) => SourceOf(spec.Edge.Certificate, capabilities) switch
    {
        CertificateSource.Generated => AppCredential.Name($"edge-tls-{Hash(spec)}", 1 + spec.DayTwo.EdgeCertificates),
        CertificateSource.CertManager => $"edge-issued-{Hash(spec)}",
        CertificateSource.Provided => spec.Edge.Certificate.SecretName!,
        var source => throw new ArgumentOutOfRangeException(nameof(spec), source, "Unknown source."),
    };

    /// <summary>Changes with the host names and not with the order of the others.</summary>
    private static string Hash(EnvironmentSpec spec) => Names.Hash(string.Join(' ', [spec.HostName, .. spec.Edge.OtherHostNames.Order(StringComparer.Ordinal)]));

    /// <summary>What the load balancer shows to the edges: a new edition only when every edge trusts it, which is when the one before is no longer kept.</summary>
    /// <remarks>nginx reads what it trusts when it starts. So the edges roll first, in a generation of their own; the load balancer in the next, before the edges forget the old one.</remarks>
    public static string LoadBalancer(EnvironmentSpec spec) =>
        AppCredential.Previous(Plain, spec.DayTwo.LoadBalancerCertificate) ?? AppCredential.Current(Plain, spec.DayTwo.LoadBalancerCertificate);

    /// <summary>Those that the edges trust.</summary>
    public static IReadOnlyList<string> Trusted(EnvironmentSpec spec) => [.. AppCredential.Accepted(Plain, spec.DayTwo.LoadBalancerCertificate).Select(edition => edition.Secret)];
}
