using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Provisioning.Kubernetes;

/// <summary>How the client says who it is. Asked before every call, so that tokens may rotate; thread-safe.</summary>
public abstract class ClusterCredential
{
    public static ClusterCredential None { get; } = new FixedCredential(null, null);

    /// <summary>The certificate to offer when a connection is opened, if it is known now.</summary>
    public abstract X509Certificate2? Certificate { get; }

    /// <summary>The Authorization header for the next call; null when the certificate alone identifies us.</summary>
    /// <exception cref="KubeException">Unauthorized: the credential cannot be obtained.</exception>
    public abstract ValueTask<AuthenticationHeaderValue?> GetHeaderAsync(TimeProvider time, CancellationToken ct);

    /// <summary>The server answered 401: forget what is cached.</summary>
    /// <returns>Whether asking again can give something else.</returns>
    public abstract bool Reject();

    public static ClusterCredential FromToken(string token) => new FixedCredential(Bearer(token), null);

    public static ClusterCredential FromTokenFile(string path) => new TokenFileCredential(path, null);

    public static ClusterCredential FromCertificate(X509Certificate2 certificate) => new FixedCredential(null, certificate);

    internal static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    internal static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
