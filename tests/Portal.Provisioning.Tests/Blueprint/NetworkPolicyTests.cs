using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Reads the policies back into flows: what they allow is exactly what the graph says, from both ends.</summary>
public sealed class NetworkPolicyTests
{
    private sealed record Allowed(string From, string To, string Port);

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Policies_OfEveryCase_AllowExactlyTheFlows(string name)
    {
        var stack = StackCase.Named(name).Render();
        var flows = stack.Graph.Flows.SelectMany(flow => flow.Ports.Select(port => new Allowed(Name(flow.From), Name(flow.To), $"{port.Protocol} {port.Port}"))).ToHashSet();

        Assert.Equal(flows.Where(flow => flow.To != "world").Order(s_order), Read(stack, "ingress", "from").Order(s_order));
        Assert.Equal(flows.Where(flow => flow.From != "world").Order(s_order), Read(stack, "egress", "to").Order(s_order));
    }

    [Fact]
    public void Policies_WithoutOneFlow_NoLongerMatch()
    {
        var stack = StackCase.Named("Small-Production-basic").Render();
        var less = stack with { Manifests = [.. stack.Manifests.Where(manifest => manifest.Object.Name != "flows-mysql")] };

        Assert.True(Read(less, "ingress", "from").Count() < Read(stack, "ingress", "from").Count());
    }

    [Fact]
    public void Policies_ForOutwardTraffic_SelectOnlyThePodsThatNeedIt()
    {
        var policies = StackCase.Named("Medium-Production-basic").Render().Manifests.Select(manifest => manifest.Object).Where(item => item.Name.StartsWith("outward-", StringComparison.Ordinal)).ToList();

        Assert.Equal(["outward-collector", "outward-janitor", "outward-kube-state-metrics", "outward-prometheus"], policies.Select(policy => policy.Name).Order());
        Assert.All(policies, policy => Assert.NotNull(policy.Text("spec", "podSelector", "matchLabels", Labels.Role)));
    }

    [Theory]
    [InlineData("store-basic", 443, """[{"ipBlock":{"cidr":"0.0.0.0/0","except":["10.0.0.0/8","100.64.0.0/10","169.254.0.0/16","172.16.0.0/12","192.168.0.0/16"]}},{"ipBlock":{"cidr":"::/0","except":["fc00::/7","fe80::/10"]}}]""")]
    [InlineData("store-private", 9000, """[{"ipBlock":{"cidr":"10.20.0.0/16"}}]""")]
    public void Policies_WithAnObjectStore_LetOnlyTheJobsThatCopyReachIt(string name, int port, string addresses)
    {
        var policies = StackCase.Named(name).Render().Manifests.Select(manifest => manifest.Object).Where(item => item.Name is "outward-backup" or "outward-restore" or "outward-mysql").ToList();

        Assert.Equal(["outward-backup", "outward-restore"], policies.Select(policy => policy.Name).Order());
        Assert.All(policies, policy =>
        {
            Assert.Equal(policy.Name["outward-".Length..], policy.Text("spec", "podSelector", "matchLabels", Labels.Role));
            var rule = Assert.Single(policy.Items("spec", "egress"));
            Assert.Equal(addresses, rule["to"]!.ToJsonString());
            Assert.Equal($$"""[{"protocol":"TCP","port":{{port}}}]""", rule["ports"]!.ToJsonString());
        });
    }

    // A webhook's address is a team's to choose: no way to the networks of the cluster and of its nodes. The mail server is the platform's.
    [Fact]
    public void Policies_OfNotifications_LeadToPublicAddressesButForTheMailServer()
    {
        var each = StackCase.Named("Small-Production-basic");
        var alerting = each.Spec.Alerting with { NotifyEmail = "team@shop.example", SlackChannel = "#shop-alerts", WebhookUrl = "https://hooks.shop.example:8443/alerts" };

        var policy = (each with { Spec = each.Spec with { Alerting = alerting }, Platform = new() { Mail = new("mail.example", 587, "portal@shop.example", true) } }).Render()
            .Manifests.Single(manifest => manifest.Object.Name == "outward-alerting").Object;

        var rules = policy.Items("spec", "egress").ToDictionary(rule => string.Join(' ', rule["ports"]!.AsArray().Select(port => (int)port!["port"]!)), rule => rule["to"]?.ToJsonString());
        Assert.Equal(["443 8443", "587"], rules.Keys.Order());
        Assert.Null(rules["587"]);
        Assert.Equal("""[{"ipBlock":{"cidr":"0.0.0.0/0","except":["10.0.0.0/8","100.64.0.0/10","169.254.0.0/16","172.16.0.0/12","192.168.0.0/16"]}},{"ipBlock":{"cidr":"::/0","except":["fc00::/7","fe80::/10"]}}]""", rules["443 8443"]);
    }

    [Fact]
    public void Policies_OfAnyStack_DenyByDefaultBothWays()
    {
        var policy = StackCase.Named("Small-Production-basic").Render().Manifests.Single(manifest => manifest.Object.Name == "default-deny").Object;

        Assert.Equal("""{"podSelector":{},"policyTypes":["Ingress","Egress"]}""", policy.At("spec")!.ToJsonString());
    }

    private static readonly Comparer<Allowed> s_order = Comparer<Allowed>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));

    private static IEnumerable<Allowed> Read(RenderedStack stack, string direction, string end) =>
        (from policy in stack.Manifests.Select(manifest => manifest.Object)
         where policy.Kind == "NetworkPolicy" && policy.Name is not ("default-deny" or "dns")
         let self = policy.Text("spec", "podSelector", "matchLabels", Labels.Component)!
         from rule in policy.Items("spec", direction)
         from peer in rule[end] is JsonArray peers ? peers.Select(peer => new KubeObject((JsonObject)peer!).Text("podSelector", "matchLabels", Labels.Component) ?? "world") : ["world"]
         from port in (JsonArray)rule["ports"]!
         select direction == "ingress" ? new Allowed(peer, self, Port(port!)) : new Allowed(self, peer, Port(port!))).Distinct();

    private static string Port(JsonNode port) => $"{port["protocol"]} {port["port"]}";

    private static string Name(Component? component) => component?.Slug() ?? "world";
}
