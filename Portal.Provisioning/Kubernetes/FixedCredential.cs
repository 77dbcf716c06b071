using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>A token, password or certificate that stands in the kubeconfig itself.</summary>
internal sealed class FixedCredential(AuthenticationHeaderValue? header, X509Certificate2? certificate) : ClusterCredential
{
    public override X509Certificate2? Certificate { get; } = certificate;

    public override ValueTask<AuthenticationHeaderValue?> GetHeaderAsync(TimeProvider time, CancellationToken ct) => ValueTask.FromResult(header);

    public override bool Reject() => false;
}
