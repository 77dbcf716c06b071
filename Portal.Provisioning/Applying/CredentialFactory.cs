using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Makes the values of a generated Secret. They go to the cluster and nowhere else.</summary>
public sealed class CredentialFactory(TimeProvider time)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    // The authority outlives its leaves; rotation of both is an operation of its own.
    private static readonly TimeSpan s_authorityLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan s_leafLifetime = TimeSpan.FromDays(365);

    /// <summary>The Secret with fresh values in <c>data</c>.</summary>
    public KubeObject Fill(Manifest manifest)
    {
        var secret = manifest.Object.Clone();
        var data = new JsonObject();
        foreach (var (key, value) in (manifest.Generated ?? []).SelectMany(Make))
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        }

        secret.Root["data"] = data;
        return secret;
    }

    private IEnumerable<(string Key, string Value)> Make(GeneratedValue wanted) => wanted switch
    {
        GeneratedValue.Password password => [(password.Key, RandomNumberGenerator.GetString(Alphabet, PasswordLength))],
        GeneratedValue.KafkaClusterId id => [(id.Key, System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)))],
        GeneratedValue.Certificate certificate => MakeCertificate(certificate.DnsNames),
        _ => throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "Unknown kind of generated value."),
    };

    private (string Key, string Value)[] MakeCertificate(IReadOnlyList<string> dnsNames)
    {
        var now = time.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={Short(dnsNames[0])} environment CA", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using var authority = authorityRequest.CreateSelfSigned(now.AddMinutes(-5), now + s_authorityLifetime);

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leafRequest = new CertificateRequest($"CN={Short(dnsNames[0])}", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dnsNames)
        {
            names.AddDnsName(name);
        }

        leafRequest.CertificateExtensions.Add(names.Build());
        leafRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leafRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        leafRequest.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        leafRequest.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var leaf = leafRequest.Create(authority, now.AddMinutes(-5), now + s_leafLifetime, RandomNumberGenerator.GetBytes(16));
        return
        [
            ("ca.crt", authority.ExportCertificatePem() + "\n"),
            ("tls.crt", leaf.ExportCertificatePem() + "\n"),
            ("tls.key", leafKey.ExportPkcs8PrivateKeyPem() + "\n"),
        ];
    }

    // X.520 limits a common name to 64 characters; the full names are in the subject alternative names.
    private static string Short(string name) => name.Length <= 40 ? name : name[..40];
}
