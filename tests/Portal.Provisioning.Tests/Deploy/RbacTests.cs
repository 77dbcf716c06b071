using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using YamlDotNet.Serialization;

namespace Portal.Provisioning.Tests.Deploy;

/// <summary>deploy/rbac.yaml holds the rights to write exactly what the blueprint renders: none missing, none extra.</summary>
public sealed class RbacTests
{
    private static readonly string[] s_write = ["create", "patch", "delete"];

    // Written without being rendered: claims come from StatefulSet templates and are asked to grow.
    private static readonly string[] s_besides = ["/persistentvolumeclaims"];

    [Fact]
    public void WriteRights_AreThoseOfTheRenderedKinds()
    {
        var granted = Rules().Where(rule => s_write.All(rule.Verbs.Contains)).SelectMany(rule => rule.Resources).ToHashSet();

        Assert.Equal(Rendered().Union(s_besides).Order(StringComparer.Ordinal), granted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ReadRights_CoverEverythingThatIsWritten()
    {
        Assert.All(Rules().Where(rule => rule.Verbs.Contains("create")), rule => Assert.Superset(new HashSet<string> { "get", "list", "watch" }, rule.Verbs.ToHashSet()));
    }

    private static HashSet<string> Rendered()
    {
        var capabilities = ClusterCapabilities.Basic with { HasVerticalPodAutoscaler = true, HasGatewayApi = true, HasPrometheusOperator = true, HasCertManager = true, GatewayClasses = ["shared"] };
        var platform = new PlatformSettings
        {
            IngressControllers = [new("nginx", new("ingress-system", "controller"), 80, 80), new("shared", new("gateway-system", "proxies"), 80, 80, new("gateway-system", "public"))],
        };
        var identity = new StackIdentity(new EnvironmentId(Guid.Empty), "payments", "shop", "payments-shop", 1);
        return Presets.All
            .Select(preset => Presets.Create(preset, Purpose.Production, "shop.apps.example"))
            .SelectMany(spec => Enum.GetValues<IngressMode>().Select(mode => spec with { Ingress = spec.Ingress with { Mode = mode } })
                .Append(spec with { Metrics = spec.Metrics with { Provider = MetricsProvider.Operator } }))
            .Select(spec => spec with { Edge = spec.Edge with { Certificate = new() { Source = CertificateSource.CertManager, IssuerName = "ca" } } })
            .SelectMany(spec => StackBlueprint.Render(spec, identity, capabilities, platform).Manifests)
            .Select(manifest => $"{manifest.Object.Ref.Group}/{Plural(manifest.Object.Kind)}")
            .ToHashSet(StringComparer.Ordinal);
    }

    private static string Plural(string kind)
    {
        var word = kind.ToLowerInvariant();
        return word.EndsWith('y') && !word.EndsWith("ay", StringComparison.Ordinal) ? word[..^1] + "ies" : word.EndsWith('s') ? word + "es" : word + "s";
    }

    private static List<Rule> Rules()
    {
        var yaml = File.ReadAllText(Path.Combine(Root(), "deploy", "rbac.yaml"));
        var role = yaml.Split("\n---\n").Single(document => document.Contains("\nrules:\n", StringComparison.Ordinal));
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(role);
        return [.. ((List<object>)document["rules"]).Cast<Dictionary<object, object>>().Select(rule => new Rule(
            [.. Texts(rule["apiGroups"]).SelectMany(group => Texts(rule["resources"]).Select(resource => $"{group}/{resource}"))],
            [.. Texts(rule["verbs"])]))];
    }

    private static IEnumerable<string> Texts(object list) => ((List<object>)list).Select(item => (string)item);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    private sealed record Rule(IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);
}
