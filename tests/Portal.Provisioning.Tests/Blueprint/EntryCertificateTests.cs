using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Certificates of the way in, with the Secrets as the engine makes them: once, when a rendering first names them.</summary>
public sealed class EntryCertificateTests
{
    private readonly CredentialFactory _factory = new(TimeProvider.System);
    private readonly Dictionary<string, KubeObject> _secrets = new(StringComparer.Ordinal);

    // A generated Secret is made once: under the same name it would go on to hold the certificate of the name before.
    [Fact]
    public void HostName_Changed_GivesTheEdgesACertificateOfTheNewName()
    {
        var before = StackCase.Of(Preset.Medium);
        var after = before with { Spec = before.Spec with { HostName = "store.apps.example" } };

        Assert.All([before, after], each =>
        {
            var entry = Apply(each.Spec);
            using var certificate = Certificate(entry.EdgeShows);
            Assert.True(certificate.MatchesHostname(each.Spec.HostName));
            Assert.Contains($"the Secret {entry.EdgeShows} (tls.crt, tls.key)", RoutingTests.Config(each.Render(), "prometheus-rules", "rules.yml"), StringComparison.Ordinal);
        });
        // Who returns finds what was there, one's own certificate too.
        Assert.Equal(Apply(before.Spec).EdgeShows, Apply(before.Spec with { DayTwo = new() { Restarts = new() { Edge = 1 } } }).EdgeShows);
    }

    [Fact]
    public void HostNames_Several_AreAllInOneCertificateWhateverTheirOrder()
    {
        var spec = StackCase.Of(Preset.Medium).Spec;
        EnvironmentSpec With(params string[] others) => spec with { Edge = spec.Edge with { OtherHostNames = others } };

        var entry = Apply(With("www.shop.example", "shop.example"));

        using var certificate = Certificate(entry.EdgeShows);
        Assert.All([spec.HostName, "www.shop.example", "shop.example"], host => Assert.True(certificate.MatchesHostname(host)));
        Assert.Equal(entry.EdgeShows, Apply(With("shop.example", "www.shop.example")).EdgeShows);
        Assert.NotEqual(entry.EdgeShows, Apply(spec).EdgeShows);
    }

    [Fact]
    public void Edge_WithAnIssuer_AsksCertManagerWhereThereIsOneAndSaysSoElse()
    {
        var issued = StackCase.Named("issued-rich").Render();
        var certificate = issued.Manifests.Single(manifest => manifest.Object.Kind == "Certificate").Object;

        Assert.Equal(["shop.apps.example"], ((JsonArray)certificate.At("spec", "dnsNames")!).Select(name => (string)name!));
        Assert.Equal(("ClusterIssuer", "letsencrypt"), (certificate.Text("spec", "issuerRef", "kind"), certificate.Text("spec", "issuerRef", "name")));
        Assert.Equal(certificate.Text("spec", "secretName"), (string?)Volume(EdgeOf(issued), "tls")["secret"]!["secretName"]);
        Assert.DoesNotContain(issued.Manifests, manifest => manifest.Object.Kind == "Secret" && manifest.Object.Name.StartsWith("edge-tls-", StringComparison.Ordinal));
        var without = StackCase.Named("issued-basic").Render();
        Assert.DoesNotContain(without.Manifests, manifest => manifest.Object.Kind == "Certificate");
        Assert.StartsWith("edge-tls-", (string?)Volume(EdgeOf(without), "tls")["secret"]!["secretName"], StringComparison.Ordinal);
        Assert.Contains(without.Notes, note => note.Contains("no cert-manager", StringComparison.Ordinal));
    }

    [Fact]
    public void Edge_WithASecretOfTheTeam_MountsItAndMakesNone()
    {
        var stack = StackCase.Named("provided-basic").Render();

        Assert.Equal("shop-tls", (string?)Volume(EdgeOf(stack), "tls")["secret"]!["secretName"]);
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Kind == "Secret" && (manifest.Object.Name is "shop-tls" || manifest.Object.Name.StartsWith("edge-tls-", StringComparison.Ordinal)));
        Assert.Contains("Put the new one into the Secret shop-tls", RoutingTests.Config(stack, "prometheus-rules", "rules.yml"), StringComparison.Ordinal);
    }

    // nginx reads its certificate when it starts: whoever's Secret may change has something beside nginx that tells it.
    [Theory]
    [InlineData("issued-rich", true)]
    [InlineData("provided-basic", true)]
    [InlineData("issued-basic", false)]
    public void Edge_WithASecretThatChangesInPlace_IsToldOfIt(string name, bool isTold)
    {
        var pod = new KubeObject((JsonObject)EdgeOf(StackCase.Named(name).Render()).At("spec", "template")!);

        Assert.Equal(isTold, pod.Flag("spec", "shareProcessNamespace") == true);
        Assert.Equal(isTold, pod.Items("spec", "initContainers").Any(container => (string?)container["name"] == "reload" && (string?)container["restartPolicy"] == "Always"));
    }

    [Fact]
    public void Edge_Rotated_ShowsAnotherCertificateOfTheSameName()
    {
        var spec = StackCase.Of(Preset.Medium).Spec;

        var (first, second) = (Apply(spec), Apply(spec with { DayTwo = new() { EdgeCertificates = 1 } }));

        using var before = Certificate(first.EdgeShows);
        using var after = Certificate(second.EdgeShows);
        Assert.NotEqual(before.Thumbprint, after.Thumbprint);
        Assert.True(after.MatchesHostname(spec.HostName));
        Assert.Equal(first.BalancerShows, second.BalancerShows);
    }

    // In each generation the load balancer rolls first and the edges when it is healthy; every pair that can meet on the way is in here.
    [Fact]
    public void LoadBalancer_Rotated_IsTrustedByEveryEdgeThatCanMeetIt()
    {
        var spec = StackCase.Of(Preset.Medium).Spec;
        CredentialVersion[] editions = [new(1), new(2, KeepsPrevious: true), new(2), new(3, KeepsPrevious: true), new(3)];
        var generations = editions.Select(edition => Apply(spec with { DayTwo = new() { LoadBalancerCertificate = edition } })).ToList();

        foreach (var (before, after) in generations.Zip(generations.Skip(1)))
        {
            Assert.All(
                [(Edge: before, Balancer: before), (Edge: before, Balancer: after), (Edge: after, Balancer: after)],
                pair => Assert.True(Trusts(pair.Edge, pair.Balancer), $"An edge that trusts {string.Join(", ", pair.Edge.Trusted)} refuses {pair.Balancer.BalancerShows}."));
        }

        Assert.Equal(3, generations.Select(generation => generation.BalancerShows).Distinct().Count());
        // The control: the step in between is what makes it so.
        Assert.False(Trusts(generations[0], generations[2]));
        Assert.False(Trusts(generations[2], generations[0]));
    }

    private Entry Apply(EnvironmentSpec spec)
    {
        var stack = (StackCase.Of(Preset.Medium) with { Spec = spec }).Render();
        foreach (var secret in stack.Manifests.Where(manifest => manifest.IsCreateOnly))
        {
            _secrets.TryAdd(secret.Object.Name, _factory.Fill(secret));
        }

        var edge = stack.Manifests.First(manifest => manifest.Object.Kind == "Deployment" && manifest.Component == Component.Edge).Object;
        var balancer = stack.Manifests.Single(manifest => manifest.Object.Kind == "Deployment" && manifest.Component == Component.LoadBalancer).Object;
        return new(
            (string)Volume(edge, "tls")["secret"]!["secretName"]!,
            [.. Volume(edge, "upstream-ca")["projected"]!["sources"]!.AsArray().Select(source => (string)source!["secret"]!["name"]!)],
            (string)Volume(balancer, "tls")["secret"]!["secretName"]!);
    }

    private static KubeObject EdgeOf(Portal.Provisioning.Blueprint.RenderedStack stack) =>
        stack.Manifests.First(manifest => manifest.Object.Kind == "Deployment" && manifest.Component == Component.Edge).Object;

    private static JsonObject Volume(KubeObject deployment, string name) =>
        deployment.Items("spec", "template", "spec", "volumes").Single(volume => (string?)volume["name"] == name);

    private bool Trusts(Entry edge, Entry balancer)
    {
        using var leaf = Certificate(balancer.BalancerShows);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var name in edge.Trusted)
        {
            chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(Text(name, "ca.crt")));
        }

        return chain.Build(leaf) && leaf.MatchesHostname("load-balancer");
    }

    private X509Certificate2 Certificate(string secret) => X509Certificate2.CreateFromPem(Text(secret, "tls.crt"));

    private string Text(string secret, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(_secrets[secret].Text("data", key)!));

    /// <summary>Which Secrets are mounted where.</summary>
    private sealed record Entry(string EdgeShows, IReadOnlyList<string> Trusted, string BalancerShows);
}
