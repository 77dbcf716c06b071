using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Where a cluster is and how to be let in: everything that <see cref="KubeClient"/> needs to speak to it.</summary>
public sealed record ClusterConnection
{
    /// <summary>The name people know the cluster by: the kubeconfig context, or "in-cluster".</summary>
    public required string Name { get; init; }

    public required Uri Server { get; init; }

    /// <summary>The namespace that the context names, if it does.</summary>
    public string? Namespace { get; init; }

    /// <summary>Trusted instead of the machine's roots when set.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    public bool SkipTlsVerification { get; init; }

    /// <summary>The name the server's certificate must carry when it differs from the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>An http, https or socks5 proxy; null uses the proxy of the process environment, if any.</summary>
    public Uri? Proxy { get; init; }

    public ClusterCredential Credential { get; init; } = ClusterCredential.None;

    /// <summary>The user to act as; null acts as the user of <see cref="Credential"/>.</summary>
    public Impersonation? Impersonation { get; init; }

    public KubeClientOptions Options { get; init; } = new();

    /// <summary>What carries its requests where that is not the network; a client disposes its own.</summary>
    internal Func<HttpMessageHandler>? Handler { get; init; }

    /// <summary>Reads a kubeconfig; a null context means its current-context.</summary>
    /// <exception cref="KubeconfigException">The file cannot be read or used.</exception>
    public static ClusterConnection FromKubeconfig(string path, string? context) => new KubeconfigFile(path).Connect(context);

    /// <summary>The cluster that this process runs in as a pod, with its service account.</summary>
    /// <exception cref="KubeconfigException">The process does not run in a pod.</exception>
    public static ClusterConnection InCluster() => ServiceAccount.Connect(
        ServiceAccount.Folder, Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    public override string ToString() => $"{Name} ({Server.GetLeftPart(UriPartial.Authority)})";
}
