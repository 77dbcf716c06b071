using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Connects from inside a pod by the files that the kubelet mounts.</summary>
internal static class ServiceAccount
{
    public const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static ClusterConnection Connect(string folder, string? host, string? port)
    {
        var token = Path.Combine(folder, "token");
        var authority = Path.Combine(folder, "ca.crt");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
        {
            throw new KubeconfigException(
                $"This process does not run inside a Kubernetes pod: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and {token} are needed. Name a kubeconfig instead.");
        }

        // An IPv6 host needs brackets in a URI.
        var literal = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return new ClusterConnection
        {
            Name = "in-cluster",
            Server = new Uri($"https://{literal}:{port}"),
            Namespace = ReadText(Path.Combine(folder, "namespace")),
            CertificateAuthorities = ReadAuthorities(authority),
            Credential = ClusterCredential.FromTokenFile(token),
        };
    }

    private static string? ReadText(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeconfigException($"{path}: the cluster's certificate authority cannot be read: {e.Message}", e);
        }

        return authorities;
    }
}
