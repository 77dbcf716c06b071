using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;
using static Portal.Provisioning.Tests.Blueprint.StackRule;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>A second image of a service beside the first: like it in everything, found by nothing that finds the first.</summary>
public sealed class CanaryTests
{
    private static readonly StackCase s_own = StackCase.Named("operated-basic");

    [Fact]
    public void Canary_OfAService_DiffersFromItInImageNumberAndLabelAlone()
    {
        var stack = s_own.Render();
        var (stable, canary) = (Named(stack, "Deployment", "gateway"), Named(stack, "Deployment", "gateway-canary"));

        Assert.Equal("registry.example/shop/gateway:1.1.0", canary.Items("spec", "template", "spec", "containers").Single()["image"]!.ToString());
        Assert.Equal(2, canary.Number("spec", "replicas"));
        Assert.Equal(("gateway", "gateway-canary"), (canary.Label(Labels.Component), canary.Text("spec", "template", "metadata", "labels", Labels.Component)));
        // An autoscaler owns the number of the stable pods.
        Assert.True(((JsonObject)canary.At("spec")!).Remove("replicas"));
        Assert.Equal(stable.Root.ToJsonString(), canary.Root.ToJsonString().Replace("gateway:1.1.0", "gateway:1.0.0", StringComparison.Ordinal).Replace("\"gateway-canary\"", "\"gateway\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Canary_OfSeveralPods_HasABudgetAndOneOfOneHasNone()
    {
        var stack = s_own.Render();

        Assert.Equal("gateway-canary", Named(stack, "PodDisruptionBudget", "gateway-canary").Text("spec", "selector", "matchLabels", Labels.Component));
        Assert.DoesNotContain(Of(stack, "PodDisruptionBudget"), budget => budget.Name == "publish-canary");
        Assert.DoesNotContain(Of(stack, "HorizontalPodAutoscaler", "VerticalPodAutoscaler"), scaler => scaler.Name.EndsWith("-canary", StringComparison.Ordinal));
    }

    // They are written first and removed last: what runs is not cut off while a canary starts, is promoted or ends.
    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Stack_WithACanary_LeavesEverythingElseAsItWasButForRoutesAndTheQuota(string name)
    {
        var without = StackCase.Named(name) is var each ? each with { Spec = each.Spec with { Gateway = each.Spec.Gateway with { Canary = null }, Publish = each.Spec.Publish with { Canary = null } } } : null!;
        var with = without with { Spec = without.Spec with { Gateway = without.Spec.Gateway with { Canary = new("shop/gateway:2", 10, 1) } } };

        var before = without.Render().Manifests.ToDictionary(manifest => manifest.Object.Ref, manifest => manifest.Object.Root.ToJsonString());
        var after = with.Render().Manifests.ToDictionary(manifest => manifest.Object.Ref, manifest => manifest.Object.Root.ToJsonString());

        Assert.Empty(before.Keys.Except(after.Keys));
        Assert.All(after.Keys.Except(before.Keys), added => Assert.Contains("canary", added.Name, StringComparison.Ordinal));
        string[] changed = ["ConfigMap/ingress-conf", "Deployment/ingress", "HTTPRoute/ingress", "ConfigMap/load-balancer-conf", "Deployment/load-balancer", "ResourceQuota/environment"];
        Assert.Empty(before.Where(item => after[item.Key] != item.Value).Select(item => $"{item.Key.Kind}/{item.Key.Name}").Except(changed));
    }

    [Fact]
    public void Policies_OfACanary_AreThoseOfItsServiceAtBothEnds()
    {
        var stack = s_own.Render();

        foreach (var (direction, end) in new[] { ("ingress", "from"), ("egress", "to") })
        {
            var stable = Rules(stack, direction, end).ToList();
            foreach (var service in new[] { "gateway", "publish" })
            {
                var expected = stable.Where(rule => rule.Self == service || rule.Peer == service).Where(rule => !rule.Self.EndsWith("-canary", StringComparison.Ordinal) && !rule.Peer.EndsWith("-canary", StringComparison.Ordinal))
                    .Select(rule => (rule.Self == service ? service + "-canary" : rule.Self, rule.Peer == service ? service + "-canary" : rule.Peer, rule.Ports));
                Assert.Equal(expected.Order(), stable.Where(rule => rule.Self == service + "-canary" || rule.Peer == service + "-canary").Order());
            }
        }
    }

    [Fact]
    public void Canary_AtASharedGateway_HasItsWeightAndItsHeader()
    {
        var stack = WithCanaries("unusual-gateway").Render();
        var rules = Named(stack, "HTTPRoute", "ingress").Items("spec", "rules").ToList();
        var chosen = Named(stack, "HTTPRoute", "ingress-canary").Items("spec", "rules").ToList();

        Assert.Equal("gateway=80 gateway-canary=20", Backends(rules.First(rule => Backends(rule).StartsWith("gateway=", StringComparison.Ordinal))));
        // By the header alone.
        Assert.Equal("publish=1", Backends(rules.First(rule => Backends(rule).StartsWith("publish", StringComparison.Ordinal))));
        Assert.Equal(["gateway-canary=1 always", "gateway=1 never", "publish-canary=1 always", "publish=1 never"], chosen.Select(rule => $"{Backends(rule)} {Choice(rule)}"));
        Assert.All(Of(stack, "HTTPRoute"), route => Assert.True(route.Items("spec", "rules").Count() <= 16));
        Assert.Contains(stack.Notes, note => note.StartsWith("The shared Gateway divides requests by the weight", StringComparison.Ordinal));
    }

    [Fact]
    public void Canary_BehindAnIngress_IsChosenByTheLoadBalancerAndTheIngressKeepsItsPaths()
    {
        var stack = WithCanaries("unusual-basic").Render();
        var config = (string)Named(stack, "ConfigMap", "load-balancer-conf").At("data")!["nginx.conf"]!;

        Assert.Contains("map $http_x_canary $chosen_gateway { default $weighted_gateway; always gateway-canary; never gateway-direct; }", config, StringComparison.Ordinal);
        Assert.Contains("/api(/|\\z)\" $chosen_gateway;", config, StringComparison.Ordinal);
        Assert.Contains("\"/api\"", Named(stack, "Ingress", "ingress").Root.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(stack.Notes, note => note.StartsWith("While gateway has a canary", StringComparison.Ordinal));
    }

    // Without a header that routes the load balancer reaches no service; while there is a canary it does, by policies that go with it.
    [Fact]
    public void Policies_BehindAnIngress_LetTheLoadBalancerReachBothWhileThereIsACanary()
    {
        var shared = s_own with { Platform = new() { IngressControllers = StackCase.Controllers }, Spec = s_own.Spec with { Ingress = s_own.Spec.Ingress with { Mode = IngressMode.IngressClass } } };
        var without = shared with { Spec = shared.Spec with { Gateway = shared.Spec.Gateway with { Canary = null }, Publish = shared.Spec.Publish with { Canary = null } } };

        Assert.Equal(["gateway", "gateway-canary", "publish", "publish-canary"], Reached(shared.Render(), "egress", "to", rule => (rule.Self, rule.Peer)));
        Assert.Equal(["gateway", "gateway-canary", "publish", "publish-canary"], Reached(shared.Render(), "ingress", "from", rule => (rule.Peer, rule.Self)));
        Assert.Empty(Reached(without.Render(), "egress", "to", rule => (rule.Self, rule.Peer)));
        var after = shared.Render().Manifests.ToDictionary(manifest => manifest.Object.Ref, manifest => manifest.Object.Root.ToJsonString());
        Assert.All(Of(without.Render(), "NetworkPolicy"), policy => Assert.Equal(after[policy.Ref], policy.Root.ToJsonString()));

        static IEnumerable<string> Reached(RenderedStack stack, string direction, string end, Func<(string Self, string Peer, string Ports), (string From, string To)> way) =>
            Rules(stack, direction, end).Select(way).Where(each => each.From == "load-balancer" && each.To != "other").Select(each => each.To).Where(to => to != "world").Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Canary_OnAPlatformWithARegistry_IsTakenFromWhereTheTeamNamedIt()
    {
        var stack = (s_own with { Platform = new() { Registry = "mirror.example/all" } }).Render();

        Assert.Equal("registry.example/shop/gateway:1.1.0", Named(stack, "Deployment", "gateway-canary").Items("spec", "template", "spec", "containers").Single()["image"]!.ToString());
    }

    /// <summary>The canaries of the operated case, with the routes and the controller of another.</summary>
    private static StackCase WithCanaries(string name)
    {
        var each = StackCase.Named(name);
        return each with { Spec = each.Spec with { Gateway = each.Spec.Gateway with { Canary = s_own.Spec.Gateway.Canary }, Publish = each.Spec.Publish with { Canary = s_own.Spec.Publish.Canary } } };
    }

    private static KubeObject Named(RenderedStack stack, string kind, string name) => Of(stack, kind).Single(item => item.Name == name);

    private static string Backends(JsonObject rule) => string.Join(' ', rule["backendRefs"]!.AsArray().Select(backend => $"{backend!["name"]}={backend["weight"]}"));

    private static string Choice(JsonObject rule) =>
        rule["matches"]!.AsArray().Select(match => match!["headers"]!.AsArray().Single(header => (string)header!["name"]! == "x-canary" && (string)header["value"]! is CanarySpec.Always or CanarySpec.Never)!["value"]!.ToString()).Distinct().Single();

    private static IEnumerable<(string Self, string Peer, string Ports)> Rules(RenderedStack stack, string direction, string end) =>
        (from policy in Of(stack, "NetworkPolicy")
         where policy.Text("spec", "podSelector", "matchLabels", Labels.Component) is not null
         from rule in policy.Items("spec", direction)
         from peer in rule[end] is JsonArray peers ? peers.Select(peer => new KubeObject((JsonObject)peer!)).Select(peer => peer.Text("podSelector", "matchLabels", Labels.Component) ?? "other") : ["world"]
         select (policy.Text("spec", "podSelector", "matchLabels", Labels.Component)!, peer, rule["ports"]!.ToJsonString())).Distinct();
}
