using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Blueprint.LoadBalancer;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Parameters of the edges and the load balancer in what is rendered. That they do what they say is proven on the real programs.</summary>
public sealed class WebTierTests
{
    [Fact]
    public void Purge_OfTheCache_RollsTheEdgesAndNothingElse()
    {
        var before = StackCase.Of(Preset.Medium);
        var after = before with { Spec = before.Spec with { DayTwo = before.Spec.DayTwo with { CachePurges = 1 } } };

        var changed = from manifest in after.Render().Manifests
                      where before.Render().Manifests.Single(old => old.Object.Ref == manifest.Object.Ref).Object.ToJson() != manifest.Object.ToJson()
                      select $"{manifest.Object.Kind} {manifest.Object.Name}";

        Assert.Equal(["ConfigMap edge-epoch", "Deployment edge-jakarta", "Deployment edge-singapore"], changed.Order());
    }

    [Fact]
    public void Edge_OfADefaultTime_KeepsWhatSaysNothingForIt()
    {
        Assert.Contains("proxy_cache_valid 200 301 308 60s;", Edge("Medium-Production-basic", "edge-jakarta-conf"), StringComparison.Ordinal);
        Assert.DoesNotContain("proxy_cache_valid 200 301", Edge("unusual-basic", null), StringComparison.Ordinal);
    }

    [Fact]
    public void BodyLimit_OfTheSpec_IsTheLimitOfEveryTierAndHasRoomThere()
    {
        var stack = StackCase.Named("unusual-bare").Render();

        Assert.Contains("client_max_body_size 64m;", Edge("unusual-bare", null), StringComparison.Ordinal);
        Assert.Contains("client_max_body_size 64m;", RoutingTests.Config(stack, "load-balancer-conf", "nginx.conf"), StringComparison.Ordinal);
        Assert.Contains("SecRequestBodyLimit 67108864\nSecRequestBodyNoFilesLimit 67108864\n", RoutingTests.Config(stack, "load-balancer-waf", "main.conf"), StringComparison.Ordinal);
        Assert.All(
            stack.Manifests.Select(manifest => manifest.Object).Where(item => item.Kind == "Deployment" && item.Name is "load-balancer" or "ingress"),
            item => Assert.Contains(item.Items("spec", "template", "spec", "volumes"), volume => (string?)volume["emptyDir"]?["sizeLimit"] == "768Mi"));
    }

    [Fact]
    public void Http3_OfTheEdges_TakesUdpAtTheAddressOfHttpsAndRollsThemAlone()
    {
        var before = StackCase.Of(Preset.Small);
        var after = before with { Spec = before.Spec with { Edge = before.Spec.Edge with { Http3 = true } } };
        var objects = after.Render().Manifests.Select(manifest => manifest.Object).ToList();

        var changed = from item in objects where before.Render().Manifests.Single(old => old.Object.Ref == item.Ref).Object.ToJson() != item.ToJson() select $"{item.Kind} {item.Name}";
        Assert.Equal(["ConfigMap edge-jakarta-conf", "Deployment edge-jakarta", "NetworkPolicy flows-edge", "Service edge-jakarta"], changed.Order());

        var service = objects.Single(item => item is { Kind: "Service", Name: "edge-jakarta" });
        Assert.Equal(["TCP 80 http", "TCP 443 https", "UDP 443 quic"], service.Items("spec", "ports").Select(port => $"{port["protocol"]} {port["port"]} {port["targetPort"]}"));
        var container = objects.Single(item => item is { Kind: "Deployment", Name: "edge-jakarta" }).Items("spec", "template", "spec", "containers").First();
        Assert.Contains("""{"name":"quic","containerPort":8443,"protocol":"UDP"}""", container["ports"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.0/24", "203.0.113.0/24")]
    [InlineData("[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    public void Address_OfAnySpelling_IsWrittenAsNginxReadsIt(string text, string expected) => Assert.Equal(expected, AddressText.Canonical(text));

    private static string Edge(string name, string? configMap)
    {
        var stack = StackCase.Named(name).Render();
        configMap ??= stack.Manifests.Select(manifest => manifest.Object.Name).Single(each => each.StartsWith("edge-", StringComparison.Ordinal) && each.EndsWith("-conf", StringComparison.Ordinal));
        return RoutingTests.Config(stack, configMap, "nginx.conf");
    }
}
