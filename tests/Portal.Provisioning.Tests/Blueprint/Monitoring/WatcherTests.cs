using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint.Monitoring;

/// <summary>kube-state-metrics and the prober: where they are, what they may, and that they know what rules and dashboards ask for.</summary>
public sealed partial class WatcherTests
{
    [Theory]
    [InlineData("Small-Production-basic", true, true)]
    [InlineData("operator-rich", false, true)]
    [InlineData("operator-bare", true, true)]
    [InlineData("datadog-rich", false, false)]
    public void Watchers_OfEachProvider_AreThoseThatNobodyElseIs(string name, bool hasStateMetrics, bool hasProber)
    {
        var deployments = StackRule.Of(StackCase.Named(name).Render(), "Deployment").Select(item => item.Name).ToList();

        Assert.Equal((hasStateMetrics, hasProber), (deployments.Contains("kube-state-metrics"), deployments.Contains("blackbox")));
    }

    [Fact]
    public void StateMetrics_MayListAndWatchExactlyWhatItIsToldToShow()
    {
        var stack = StackCase.Named("Small-Production-basic").Render();
        var role = StackRule.Of(stack, "Role").Single(item => item.Name == "kube-state-metrics");

        var allowed = role.Items("rules").SelectMany(rule => rule["resources"]!.AsArray()).Select(resource => (string)resource!);
        Assert.Equal(Argument(stack, "--resources=").Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
        Assert.All(role.Items("rules"), rule => Assert.Equal(["list", "watch"], rule["verbs"]!.AsArray().Select(verb => (string)verb!)));
        Assert.Equal(["shop"], Argument(stack, "--namespaces="));
    }

    /// <summary>A series that is not let through would be an alert that never fires.</summary>
    [Fact]
    public void StateMetrics_ShowsExactlyWhatRulesAndDashboardsAskFor()
    {
        var stack = StackCase.Named("Medium-Production-basic").Render();
        var texts = StackRule.Of(stack, "ConfigMap").Where(map => map.Name == "prometheus-rules" || map.Name.StartsWith("grafana-dashboard-", StringComparison.Ordinal))
            .SelectMany(map => ((JsonObject)map.At("data")!).Select(file => (string)file.Value!));

        var asked = texts.SelectMany(text => StateSeries().Matches(text)).Select(match => match.Groups[1].Value).Distinct();
        Assert.Equal(asked.Order(StringComparer.Ordinal), Argument(stack, "--metric-allowlist=").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Operator_Probes_AreOneForEachEdgeAndOneForTheLoadBalancer()
    {
        var stack = StackCase.Named("operator-rich").Render();

        var probes = StackRule.Of(stack, "Probe").ToList();
        Assert.Equal(["edge-jakarta", "edge-singapore", "load-balancer"], probes.Select(probe => probe.Name).Order(StringComparer.Ordinal));
        Assert.All(probes, probe => Assert.Equal("blackbox.shop.svc:9115", probe.Text("spec", "prober", "url")));
        var edge = probes.Single(probe => probe.Name == "edge-jakarta");
        Assert.Equal(("edge", "jakarta", "shop"), (edge.Text("spec", "targets", "staticConfig", "labels", "tier"), edge.Text("spec", "targets", "staticConfig", "labels", "location"), edge.Text("spec", "targets", "staticConfig", "labels", "namespace")));
        Assert.Contains(stack.Graph.Flows, flow => flow is { From: null, To: Component.Metrics, Label: "probes" });
        Assert.Contains(stack.Notes, note => note.Contains("kube-state-metrics of the cluster", StringComparison.Ordinal));
    }

    /// <summary>The cluster's Prometheus would tell of an environment at rest that it is away.</summary>
    [Fact]
    public void Operator_WhilePaused_HasNeitherRulesNorProbes()
    {
        var each = StackCase.Named("operator-rich");
        var stack = StackBlueprint.Render(each.Spec with { DayTwo = each.Spec.DayTwo with { Paused = true } }, StackCase.Identity, each.Capabilities);

        Assert.Empty(StackRule.Of(stack, "PrometheusRule", "Probe"));
        Assert.Single(StackRule.Of(stack, "PodMonitor"));
    }

    /// <summary>What is asked for exists: the Services, at ports that they have.</summary>
    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Probes_OfEveryCase_AskServicesOfTheStack(string name)
    {
        var stack = StackCase.Named(name).Render();
        var asked = StackRule.Of(stack, "Probe").SelectMany(probe => ((JsonArray)probe.At("spec", "targets", "staticConfig", "static")!).Select(url => (string)url!))
            .Concat(StackRule.Of(stack, "ConfigMap").Where(map => map.Name == "prometheus-conf").SelectMany(map => Targets().Matches(map.Text("data", "prometheus.yml")!)).Select(match => match.Groups[1].Value))
            .Select(url => new Uri(url)).ToList();
        var services = StackRule.Of(stack, "Service").SelectMany(service => service.Items("spec", "ports").Select(port => ($"{service.Name}.shop.svc", (int)port["port"]!))).ToHashSet();

        Assert.All(asked, url => Assert.Contains((url.Host, url.Port), services));
        Assert.Equal(StackRule.Of(stack, "Deployment").Any(item => item.Name == "blackbox"), asked.Count > 1);
    }

    private static string[] Argument(RenderedStack stack, string name) => StackRule.Of(stack, "Deployment").Single(item => item.Name == "kube-state-metrics")
        .Items("spec", "template", "spec", "containers").Single()["args"]!.AsArray().Select(argument => (string)argument!).Single(argument => argument.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(',');

    [GeneratedRegex(@"\b(kube_[a-z_]+)\{")]
    private static partial Regex StateSeries();

    [GeneratedRegex("targets: \\[\"(https://[^\"]+)\"")]
    private static partial Regex Targets();
}
