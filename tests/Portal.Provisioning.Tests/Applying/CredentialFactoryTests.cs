using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Applying;

public sealed class CredentialFactoryTests
{
    private readonly CredentialFactory _factory = new(TimeProvider.System);

    [Fact]
    public void Fill_Password_Is32LettersAndDigitsAndNewEachTime()
    {
        var first = Value(Fill(new GeneratedValue.Password("password")), "password");
        var second = Value(Fill(new GeneratedValue.Password("password")), "password");

        Assert.Equal(32, first.Length);
        Assert.All(first, letter => Assert.True(char.IsAsciiLetterOrDigit(letter)));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Fill_KafkaClusterId_Is16BytesInBase64Url()
    {
        var id = Value(Fill(new GeneratedValue.KafkaClusterId("cluster-id")), "cluster-id");

        Assert.Equal(22, id.Length);
        Assert.Equal(16, System.Buffers.Text.Base64Url.DecodeFromChars(id).Length);
    }

    [Fact]
    public void Fill_Certificate_IsSignedByItsAuthorityAndNamesItsHosts()
    {
        var secret = Fill(new GeneratedValue.Certificate(["load-balancer.payments-shop.svc", "shop.apps.example"]));
        using var authority = X509Certificate2.CreateFromPem(Value(secret, "ca.crt"));
        using var leaf = X509Certificate2.CreateFromPem(Value(secret, "tls.crt"), Value(secret, "tls.key"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        Assert.True(chain.Build(leaf), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(leaf.HasPrivateKey);
        Assert.True(leaf.MatchesHostname("load-balancer.payments-shop.svc"));
        Assert.True(leaf.MatchesHostname("shop.apps.example"));
        Assert.False(leaf.MatchesHostname("other.apps.example"));
    }

    [Fact]
    public void Fill_Secret_LeavesTheManifestWithoutValues()
    {
        var manifest = Manifest(new GeneratedValue.Password("password"));

        _factory.Fill(manifest);

        Assert.Null(manifest.Object.At("data"));
    }

    private KubeObject Fill(GeneratedValue value) => _factory.Fill(Manifest(value));

    private static Manifest Manifest(GeneratedValue value) => new(
        Component.Base, KubeObject.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"credential","namespace":"payments-shop"},"type":"Opaque"}"""), [value]);

    private static string Value(KubeObject secret, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("data", key)!));
}
