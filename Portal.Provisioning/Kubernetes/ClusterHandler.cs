using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Builds the one HTTP handler of a cluster from its connection: TLS, client certificate, proxy, HTTP/2, keep-alive.</summary>
internal static class ClusterHandler
{
    // Notices a silently dead connection in under a minute, also below a quiet watch.
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(30);

    public static SocketsHttpHandler Create(ClusterConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = connection.Options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = s_ping,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = s_ping / 2,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
            SslOptions = Tls(connection),
        };
        if (connection.Proxy is not null)
        {
            handler.Proxy = new WebProxy(connection.Proxy);
        }
        else if (connection.Server.IsLoopback)
        {
            handler.UseProxy = false;
        }

        return handler;
    }

    private static SslClientAuthenticationOptions Tls(ClusterConnection connection)
    {
        var options = new SslClientAuthenticationOptions
        {
            // Asked at every handshake, because a credential plugin may hand out a new certificate.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => connection.Credential.Certificate!,
        };
        if (connection.SkipTlsVerification)
        {
#pragma warning disable CA5359 // The kubeconfig asks for it in so many words.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (connection.CertificateAuthorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return options;
    }
}
