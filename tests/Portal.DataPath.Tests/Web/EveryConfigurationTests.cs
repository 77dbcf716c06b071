using System.Text.RegularExpressions;
using Portal.Core.Environments.Specs;
using Portal.DataPath.Tests.LoadBalancer;
using Portal.DataPath.Tests.Programs;
using Portal.Provisioning.Blueprint;

namespace Portal.DataPath.Tests.Web;

/// <summary>nginx and ModSecurity accept what is rendered for every preset, and for what no preset asks.</summary>
public sealed partial class EveryConfigurationTests
{
    private static readonly Dictionary<string, EnvironmentSpec> s_specs = Presets.All
        .Select(preset => (Name: preset.ToString(), Spec: Presets.Create(preset, Purpose.Production, "shop.apps.example")))
        .Append((Name: "Unusual", Spec: Unusual()))
        .ToDictionary(each => each.Name, each => each.Spec);

    public static TheoryData<string> Names => [.. s_specs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nginx_OfEveryTier_AcceptsItsConfiguration(string name)
    {
        var stack = RenderedText.Stack(s_specs[name]);
        foreach (var configMap in (string[])[$"edge-{s_specs[name].Edge.Locations[0]}-conf", "load-balancer-conf", "ingress-conf", "frontend-conf"])
        {
            var directory = LocalNginx.NewDirectory();
            Prepare(stack, directory);
            var (isAccepted, output) = await LocalNginx.TestAsync(await LocalAsync(stack, configMap, directory), directory);

            Assert.True(isAccepted, $"{configMap}: {output}");
            // Warnings would be seen by nobody until something does not work.
            Assert.DoesNotContain("[warn]", output.Replace("[warn] the \"user\" directive makes sense only", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Unusual_Spec_IsAllowed() => Assert.Empty(SpecValidator.Validate(Unusual()));

    /// <summary>Services have no addresses here, and the pod's folders are those of a directory.</summary>
    private static async Task<RenderedText> LocalAsync(RenderedStack stack, string configMap, string directory)
    {
        var local = await LocalNginx.LocalAsync(RenderedText.Of(stack, configMap, "nginx.conf"), directory, 8081);
        return local with { Text = Server().Replace(Mount().Replace(local.Text, $"{directory}/etc/$1/"), "server 127.0.0.1:$1 ").Replace(" /cache/", $" {directory}/cache/", StringComparison.Ordinal) };
    }

    private static void Prepare(RenderedStack stack, string directory)
    {
        Directory.CreateDirectory(Path.Combine(directory, "cache"));
        KeyPair.OfEdge(stack).Save(Path.Combine(directory, "etc", "tls"));
        new RenderedText("what the edges trust", KeyPair.Of(stack, "load-balancer-tls").Authority).Save(directory, "etc/generated/upstream-ca.crt");
        RenderedText.Of(stack, "edge-epoch", "epoch.conf").Save(directory, "etc/epoch/epoch.conf");
        new RenderedText("the refresh map", $"\"{KeyPair.Secret(stack, "edge-refresh")("password")}\" 1;\n").Save(directory, "etc/generated/refresh.map");
        LocalLoadBalancer.Firewall(stack, directory);
    }

    private static string LongHost(int number) => $"{string.Join('.', Enumerable.Repeat(new string('h', 63), 3))}.{new string('x', 40)}{number:00}.example";

    private static EnvironmentSpec Unusual()
    {
        var spec = Presets.Create(Preset.Large, Purpose.Staging, "a.example");
        return spec with
        {
            HostName = LongHost(0),
            Edge = spec.Edge with
            {
                TrustedProxies = ["198.51.100.0/24", "[2001:db8:1::7]:443", "2001:db8::/32"], OtherHostNames = [.. Enumerable.Range(1, 20).Select(LongHost)],
                CacheGiB = 500, Media = true, Http3 = true, DefaultTtlSeconds = 0, AssetTtlSeconds = 31_536_000, PrivatePaths = [.. Enumerable.Range(0, 50).Select(i => $"/private.{i}/~x_y-z/")], SessionCookies = ["a.b-c_d", ".AspNetCore.X"],
            },
            LoadBalancer = spec.LoadBalancer with
            {
                ParanoiaLevel = 4, AnomalyThreshold = 1000, MaxBodyMiB = 1024, RequestsPerSecond = 100_000, DisabledRules = [.. Enumerable.Range(942_100, 200)],
                WafExclusions = [.. Enumerable.Range(0, 100).Select(i => new WafExclusionSpec($"/p.{i}/~x_y-z/", [.. Enumerable.Range(942_100, 50)]))],
                BlockedAddresses = [.. Enumerable.Range(0, 250).Select(i => $"203.0.113.{i}"), "198.51.100.0/24", "2001:db8::/32", "[2001:db8:1::7]:443", "fe80::1%1", "::ffff:192.0.2.1"],
                Routes =
                [
                    new("/", RoutedService.Frontend), .. Enumerable.Range(0, 49).Select(i => new RouteSpec($"/p.{i}/{new string('x', 150)}", RoutedService.Gateway)),
                    .. Enumerable.Range(0, 50).Select(i => new RouteSpec("/api", RoutedService.Publish, $"X-Header-{i}", $"value.{i}")),
                ],
            },
            Frontend = spec.Frontend with { Env = ["A=1"], GraceSeconds = 1 },
        };
    }

    [GeneratedRegex(@"server [a-z-]+:(\d+) (?=max_fails)")]
    private static partial Regex Server();

    [GeneratedRegex("/etc/nginx/(tls|epoch|generated|waf)/")]
    private static partial Regex Mount();
}
