using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads one kubeconfig file into a <see cref="ClusterConnection"/>. Paths in it are relative to its folder.</summary>
internal sealed class KubeconfigFile(string path)
{
    private string Folder => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    public ClusterConnection Connect(string? contextName)
    {
        var root = Load();
        var name = contextName ?? Text(root, "current-context") ?? throw Broken("it has no current-context, and no context was named");
        var context = Named(root, "contexts", "context", name);
        var clusterName = Text(context, "cluster") ?? throw Broken($"context \"{name}\" names no cluster");
        var cluster = Named(root, "clusters", "cluster", clusterName);
        var user = Text(context, "user") is { } userName ? Named(root, "users", "user", userName) : new YamlMappingNode();
        return new ClusterConnection
        {
            Name = name,
            Server = Server(cluster, clusterName),
            Namespace = Text(context, "namespace"),
            CertificateAuthorities = Authorities(cluster),
            SkipTlsVerification = Text(cluster, "insecure-skip-tls-verify") == "true",
            TlsServerName = Text(cluster, "tls-server-name"),
            Proxy = Proxy(cluster),
            Credential = Credential(user),
        };
    }

    private YamlMappingNode Load()
    {
        try
        {
            using var text = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw Broken("it is not a kubeconfig: a single YAML mapping is expected");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeconfigException($"The kubeconfig {path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"The kubeconfig {path} cannot be read: {OneLine(e.Message)}", e);
        }
        catch (YamlException e)
        {
            throw new KubeconfigException($"The kubeconfig {path} is not valid YAML, line {e.Start.Line}: {OneLine(e.Message)}", e);
        }
    }

    private YamlMappingNode Named(YamlMappingNode root, string list, string inner, string name)
    {
        var entry = (Child(root, list) as YamlSequenceNode)?.OfType<YamlMappingNode>().FirstOrDefault(e => Text(e, "name") == name)
            ?? throw Broken($"it has no {inner} \"{name}\" under {list}");
        return Child(entry, inner) as YamlMappingNode ?? throw Broken($"{inner} \"{name}\" is empty");
    }

    private Uri Server(YamlMappingNode cluster, string name)
    {
        var text = Text(cluster, "server") ?? throw Broken($"cluster \"{name}\" has no server");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri!
            : throw Broken($"server \"{text}\" of cluster \"{name}\" is not an http or https address");
    }

    private Uri? Proxy(YamlMappingNode cluster)
    {
        if (Text(cluster, "proxy-url") is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw Broken("proxy-url is not an http, https or socks5 address");
    }

    private X509Certificate2Collection? Authorities(YamlMappingNode cluster)
    {
        if (PemText(cluster, "certificate-authority") is not { } pem)
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
            throw Broken("certificate-authority is not a PEM certificate", e);
        }

        return authorities.Count > 0 ? authorities : throw Broken("certificate-authority holds no PEM certificate");
    }

    private ClusterCredential Credential(YamlMappingNode user)
    {
        var certificate = ClientCertificate(user);
        if (Text(user, "tokenFile") is { } tokenFile)
        {
            return new TokenFileCredential(Path.Combine(Folder, tokenFile), certificate);
        }

        if (Text(user, "token") is { } token)
        {
            return new FixedCredential(ClusterCredential.Bearer(token), certificate);
        }

        if (Text(user, "username") is { } name && Text(user, "password") is { } password)
        {
            return new FixedCredential(ClusterCredential.Basic(name, password), certificate);
        }

        if (certificate is null && Child(user, "exec") is YamlMappingNode exec)
        {
            return new ExecCredential(Plugin(exec));
        }

        return Child(user, "auth-provider") is null
            ? new FixedCredential(null, certificate)
            : throw Broken("auth-provider is not supported, nor by current Kubernetes; use exec");
    }

    private X509Certificate2? ClientCertificate(YamlMappingNode user)
    {
        var certificate = PemText(user, "client-certificate");
        var key = PemText(user, "client-key");
        if (certificate is null && key is null)
        {
            return null;
        }

        try
        {
            return Pem.Certificate(
                certificate ?? throw Broken("client-key is set but client-certificate is not"),
                key ?? throw Broken("client-certificate is set but client-key is not"));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Broken("client-certificate and client-key are not a PEM certificate and its key", e);
        }
    }

    private ExecPlugin Plugin(YamlMappingNode exec)
    {
        var command = Text(exec, "command") ?? throw Broken("exec names no command");
        var environment = (Child(exec, "env") as YamlSequenceNode)?.OfType<YamlMappingNode>() ?? [];
        return new ExecPlugin(
            Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
            // A bare name is looked up on the PATH; anything with a separator is relative to the kubeconfig.
            command.Contains('/', StringComparison.Ordinal) ? Path.Combine(Folder, command) : command,
            [.. (Child(exec, "args") as YamlSequenceNode)?.OfType<YamlScalarNode>().Select(a => a.Value ?? "") ?? []],
            environment.ToDictionary(e => Text(e, "name") ?? "", e => Text(e, "value") ?? "", StringComparer.Ordinal),
            Folder,
            OneLine(Text(exec, "installHint") ?? ""));
    }

    private string? PemText(YamlMappingNode node, string key)
    {
        if (Text(node, key + "-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw Broken($"{key}-data is not base64", e);
            }
        }

        if (Text(node, key) is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(Path.Combine(Folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken($"{key} {file} cannot be read: {OneLine(e.Message)}", e);
        }
    }

    private KubeconfigException Broken(string what, Exception? inner = null) => new($"The kubeconfig {path} cannot be used: {what}.", inner);

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
