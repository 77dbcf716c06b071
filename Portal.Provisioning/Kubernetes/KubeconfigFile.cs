using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads one kubeconfig file into a <see cref="ClusterConnection"/>; <see cref="KubeconfigUser"/> reads who we are in it.</summary>
internal sealed class KubeconfigFile(string path)
{
    public ClusterConnection Connect(string? contextName)
    {
        var root = Load();
        var name = contextName ?? root.Text("current-context") ?? throw root.Broken("it has no current-context, and no context was named");
        var context = root.Named("contexts", "context", name);
        var clusterName = context.Text("cluster") ?? throw root.Broken($"context \"{name}\" names no cluster");
        var cluster = root.Named("clusters", "cluster", clusterName);
        var user = context.Text("user") is { } userName ? root.Named("users", "user", userName) : new KubeconfigNode(path, new YamlMappingNode());
        var connection = new ClusterConnection
        {
            Name = name,
            Server = Server(cluster, clusterName),
            Namespace = context.Text("namespace"),
            CertificateAuthorities = Authorities(cluster),
            SkipTlsVerification = cluster.Text("insecure-skip-tls-verify") == "true",
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = Proxy(cluster),
        };
        return connection with { Credential = KubeconfigUser.Credential(user, connection), Impersonation = KubeconfigUser.Impersonated(user) };
    }

    private KubeconfigNode Load()
    {
        try
        {
            using var text = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents is [{ RootNode: YamlMappingNode root }]
                ? new KubeconfigNode(path, root)
                : throw new KubeconfigException($"The kubeconfig {path} cannot be used: it is not a kubeconfig: a single YAML mapping is expected.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeconfigException($"The kubeconfig {path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"The kubeconfig {path} cannot be read: {KubeconfigNode.OneLine(e.Message)}", e);
        }
        catch (YamlException e)
        {
            throw new KubeconfigException($"The kubeconfig {path} is not valid YAML, line {e.Start.Line}: {KubeconfigNode.OneLine(e.Message)}", e);
        }
    }

    private static Uri Server(KubeconfigNode cluster, string name)
    {
        var text = cluster.Text("server") ?? throw cluster.Broken($"cluster \"{name}\" has no server");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri!
            : throw cluster.Broken($"server \"{text}\" of cluster \"{name}\" is not an http or https address");
    }

    private static Uri? Proxy(KubeconfigNode cluster)
    {
        if (cluster.Text("proxy-url") is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw cluster.Broken("proxy-url is not an http, https or socks5 address");
    }

    private static X509Certificate2Collection? Authorities(KubeconfigNode cluster)
    {
        if (cluster.PemText("certificate-authority") is not { } pem)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw cluster.Broken("certificate-authority is not a PEM certificate", e);
        }

        return authorities.Count > 0 ? authorities : throw cluster.Broken("certificate-authority holds no PEM certificate");
    }
}
