using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Reads the policies back into flows: what they allow is exactly what the graph says, from both ends.</summary>
public sealed class NetworkPolicyTests
{
    private const string World = "world";
    private const string Elsewhere = "namespace ";

    private sealed record Allowed(string From, string To, string Port);

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Policies_OfEveryCase_AllowExactlyTheFlows(string name)
    {
        var stack = StackCase.Named(name).Render();
        var flows = stack.Graph.Flows.SelectMany(flow => flow.Ports.Select(port => new Allowed(Name(flow.From), Name(flow.To), $"{port.Protocol} {port.Port}"))).ToHashSet();

        Assert.Equal(flows.Where(flow => IsOurs(flow.To)).Order(s_order), Read(stack, "ingress", "from").Order(s_order));
        Assert.Equal(flows.Where(flow => IsOurs(flow.From)).Order(s_order), Read(stack, "egress", "to").Order(s_order));

        // Policies select pods of this namespace alone.
        bool IsOurs(string end) => end != World && !end.StartsWith(Elsewhere, StringComparison.Ordinal);

        string Name(Component? component) => component is not { } known ? World : stack.Graph.Node(known).Namespace is { } elsewhere ? Elsewhere + elsewhere : known.Slug();
    }

    [Theory]
    [InlineData("unusual-basic", "ingress-system", 8000, new[] { "frontend", "gateway", "publish" })]
    [InlineData("unusual-gateway", "gateway-system", 8081, new[] { "frontend", "gateway", "publish" })]
    public void Policies_WithASharedController_LetTheLoadBalancerReachItAndItTheServicesThatItRoutesTo(string name, string controller, int port, string[] services)
    {
        var stack = StackCase.Named(name).Render();
        var (@in, @out) = (Read(stack, "ingress", "from").ToList(), Read(stack, "egress", "to").ToList());

        Assert.Equal([new("load-balancer", Elsewhere + controller, $"TCP {port}")], @out.Where(each => each.To.StartsWith(Elsewhere, StringComparison.Ordinal)));
        Assert.Equal(services.Select(service => new Allowed(Elsewhere + controller, service, "TCP 8080")), @in.Where(each => each.From.StartsWith(Elsewhere, StringComparison.Ordinal)).Order(s_order));
        Assert.DoesNotContain(stack.Manifests, manifest => manifest.Object.Kind == "NetworkPolicy" && manifest.Object.Text("spec", "podSelector", "matchLabels", Labels.Component) == "ingress");
    }

    [Fact]
    public void Policies_OfAnIngress_LetTheLoadBalancerReachOnlyTheServicesOfRoutesWithAHeader() => Assert.Equal(
        [new("load-balancer", "gateway", "TCP 8080"), new("load-balancer", "publish", "TCP 8080")],
        Read(StackCase.Named("unusual-basic").Render(), "egress", "to").Where(each => each.From == "load-balancer" && !each.To.StartsWith(Elsewhere, StringComparison.Ordinal)).Order(s_order));

    /// <summary>Whoever comes from outside comes to the edges: nothing gets past them and the firewall, whatever routes behind them.</summary>
    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Policies_OfEveryCase_LetRequestsOfTheWorldReachTheEdgesAlone(string name) => Assert.Equal(
        [new(World, "edge", "TCP 8080"), new(World, "edge", "TCP 8443")],
        // What gathers metrics for the whole cluster is somewhere in the world, and comes to ports that answer nothing else.
        Read(StackCase.Named(name).Render(), "ingress", "from").Where(each => each.From == World && each.Port is "TCP 8080" or "TCP 8443").Order(s_order));

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
         let self = Service(policy.Text("spec", "podSelector", "matchLabels", Labels.Component)!)
         from rule in policy.Items("spec", direction)
         from peer in rule[end] is JsonArray peers ? peers.Select(peer => Peer(new KubeObject((JsonObject)peer!))) : [World]
         from port in (JsonArray)rule["ports"]!
         select direction == "ingress" ? new Allowed(peer, self, Port(port!)) : new Allowed(self, peer, Port(port!))).Distinct();

    private static string Peer(KubeObject peer) =>
        peer.Text("namespaceSelector", "matchLabels", "kubernetes.io/metadata.name") is { } elsewhere ? Elsewhere + elsewhere : (peer.Text("podSelector", "matchLabels", Labels.Component) is { } component ? Service(component) : World);

    /// <summary>A canary stands for its service: it may do the same.</summary>
    private static string Service(string component) => component.Replace("-canary", "", StringComparison.Ordinal);

    private static string Port(JsonNode port) => $"{port["protocol"]} {port["port"]}";
}
