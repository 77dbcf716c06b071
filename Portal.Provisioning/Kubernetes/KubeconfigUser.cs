using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Reads a user of a kubeconfig: how we say who we are, and whom we act as.</summary>
internal static class KubeconfigUser
{
    public static ClusterCredential Credential(KubeconfigNode user, ClusterConnection cluster)
    {
        var certificate = ClientCertificate(user);
        if (user.Text("tokenFile") is { } tokenFile)
        {
            return new TokenFileCredential(Path.Combine(user.Folder, tokenFile), certificate);
        }

        if (user.Text("token") is { } token)
        {
            return new FixedCredential(ClusterCredential.Bearer(token), certificate);
        }

        if (user.Text("username") is { } name && user.Text("password") is { } password)
        {
            return new FixedCredential(ClusterCredential.Basic(name, password), certificate);
        }

        if (certificate is null && user.Child("exec") is { } exec)
        {
            return new ExecCredential(Plugin(exec, cluster));
        }

        return user.Has("auth-provider")
            ? throw user.Broken("auth-provider is not supported, nor by current Kubernetes; use exec")
            : new FixedCredential(null, certificate);
    }

    public static Impersonation? Impersonated(KubeconfigNode user)
    {
        var groups = user.Texts("as-groups");
        if (user.Text("as") is not { Length: > 0 } name)
        {
            // The server refuses the one without the other too, but only at the first call.
            return groups.Count > 0 || user.Text("as-uid") is not null ? throw user.Broken("as-groups and as-uid need as") : null;
        }

        // Acting with less than what is asked for would show as rights that are missing for no visible reason.
        return groups.Count > 1 ? throw user.Broken("as-groups names more than one group, which the portal cannot send")
            : user.Has("as-user-extra") ? throw user.Broken("as-user-extra is not supported")
            : new Impersonation(name, user.Text("as-uid"), groups is [var group] ? group : null);
    }

    private static X509Certificate2? ClientCertificate(KubeconfigNode user)
    {
        var certificate = user.PemText("client-certificate");
        var key = user.PemText("client-key");
        if (certificate is null && key is null)
        {
            return null;
        }

        try
        {
            return Pem.Certificate(
                certificate ?? throw user.Broken("client-key is set but client-certificate is not"),
                key ?? throw user.Broken("client-certificate is set but client-key is not"));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw user.Broken("client-certificate and client-key are not a PEM certificate and its key", e);
        }
    }

    private static ExecPlugin Plugin(KubeconfigNode exec, ClusterConnection cluster)
    {
        var command = exec.Text("command") ?? throw exec.Broken("exec names no command");
        var mode = exec.Text("interactiveMode") ?? "IfAvailable";
        if (mode is not ("Never" or "IfAvailable"))
        {
            throw exec.Broken(mode == "Always"
                ? $"exec {command} has interactiveMode Always, and nobody sits at the portal's terminal; use a credential that works without"
                : $"interactiveMode \"{mode}\" of exec {command} is unknown. Allowed: Never, IfAvailable, Always");
        }

        return new ExecPlugin(
            exec.Text("apiVersion") ?? "client.authentication.k8s.io/v1",
            // A bare name is looked up on the PATH; anything with a separator is relative to the kubeconfig.
            command.Contains('/', StringComparison.Ordinal) ? Path.Combine(exec.Folder, command) : command,
            exec.Texts("args"),
            exec.Children("env").ToDictionary(each => each.Text("name") ?? "", each => each.Text("value") ?? "", StringComparer.Ordinal),
            exec.Folder,
            KubeconfigNode.OneLine(exec.Text("installHint") ?? ""),
            exec.Text("provideClusterInfo") == "true" ? ClusterInfo(cluster).ToJsonString() : null);
    }

    /// <summary>What a plugin that serves many clusters must know about the one it is asked for.</summary>
    private static JsonObject ClusterInfo(ClusterConnection cluster)
    {
        var info = new JsonObject { ["server"] = cluster.Server.ToString() };
        if (cluster.TlsServerName is not null)
        {
            info["tls-server-name"] = cluster.TlsServerName;
        }

        if (cluster.SkipTlsVerification)
        {
            info["insecure-skip-tls-verify"] = true;
        }

        if (cluster.CertificateAuthorities is { } authorities)
        {
            info["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authorities.ExportCertificatePems()));
        }

        if (cluster.Proxy is not null)
        {
            info["proxy-url"] = cluster.Proxy.ToString();
        }

        return info;
    }
}
