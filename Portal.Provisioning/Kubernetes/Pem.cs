using System.Security.Cryptography.X509Certificates;

namespace Portal.Provisioning.Kubernetes;

/// <summary>Client certificates from PEM text.</summary>
internal static class Pem
{
    public static X509Certificate2 Certificate(string certificate, string key)
    {
        var made = X509Certificate2.CreateFromPem(certificate, key);
        if (!OperatingSystem.IsWindows())
        {
            return made;
        }

        // Windows cannot use a key that was never stored for TLS; the round trip stores it.
        using (made)
        {
            return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        }
    }
}
