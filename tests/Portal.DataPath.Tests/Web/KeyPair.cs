using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Web;

/// <summary>The certificate of a rendered Secret, made as the engine makes it.</summary>
internal sealed record KeyPair(string Authority, string Certificate, string Key)
{
    /// <param name="time">When it is made; null for now.</param>
    public static KeyPair Of(RenderedStack stack, string secret, TimeProvider? time = null)
    {
        var filled = Secret(stack, secret, time);
        return new(filled("ca.crt"), filled("tls.crt"), filled("tls.key"));
    }

    /// <summary>Reads the keys of a generated Secret.</summary>
    public static Func<string, string> Secret(RenderedStack stack, string name, TimeProvider? time = null)
    {
        var manifest = stack.Manifests.Single(manifest => manifest.Object.Kind == "Secret" && manifest.Object.Name == name);
        var filled = new CredentialFactory(time ?? TimeProvider.System).Fill(manifest);
        return key => Encoding.UTF8.GetString(Convert.FromBase64String(filled.Text("data", key) ?? throw new InvalidOperationException($"Secret {name} has no key {key}.")));
    }

    /// <summary>What the edges show to the world.</summary>
    public static KeyPair OfEdge(RenderedStack stack, TimeProvider? time = null) =>
        Of(stack, stack.Manifests.Single(manifest => manifest.Object.Kind == "Secret" && manifest.Object.Name.StartsWith("edge-tls-", StringComparison.Ordinal)).Object.Name, time);

    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "ca.crt"), Authority);
        File.WriteAllText(Path.Combine(directory, "tls.crt"), Certificate);
        File.WriteAllText(Path.Combine(directory, "tls.key"), Key);
    }

    public X509Certificate2 ForServer() => X509Certificate2.CreateFromPem(Certificate, Key);

    public X509Certificate2 ForClients() => X509Certificate2.CreateFromPem(Authority);
}
