using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint.Monitoring;

/// <summary>What the choice of who gathers metrics makes of the rest of the stack.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public void Operator_WhereThereIsOne_TakesTheMetricsAndNothingOfOursGathersThem()
    {
        var stack = StackCase.Named("operator-rich").Render();

        var monitor = Assert.Single(StackRule.Of(stack, "PodMonitor"));
        var rule = Assert.Single(StackRule.Of(stack, "PrometheusRule"));
        Assert.All(new[] { monitor, rule }, item => Assert.Equal("monitoring.coreos.com/v1", item.ApiVersion));
        Assert.DoesNotContain(StackRule.Of(stack, "StatefulSet"), set => set.Name is "prometheus" or "alertmanager");
        Assert.DoesNotContain(StackRule.Of(stack, "ConfigMap"), map => map.Name == "prometheus-rules");
        Assert.Contains(stack.Graph.Flows, flow => flow is { From: null, To: Component.MySql, Label: "metrics" });
        Assert.Contains(stack.Notes, note => note.Contains("receivers of this environment are not used", StringComparison.Ordinal));
    }

    [Fact]
    public void Operator_Relabelling_IsThatOfTheDedicatedPrometheus()
    {
        var monitor = StackRule.Of(StackCase.Named("operator-rich").Render(), "PodMonitor").Single();

        var steps = monitor.Items("spec", "podMetricsEndpoints").Single()["relabelings"]!.AsArray();
        Assert.Contains(steps, step => (string?)step!["targetLabel"] == "component" && (string?)step["sourceLabels"]![0] == "__meta_kubernetes_pod_label_app_kubernetes_io_component");
        Assert.Equal("keep", (string?)steps[0]!["action"]);
        Assert.All(steps.SelectMany(step => step!.AsObject()), field => Assert.Contains(field.Key, new[] { "sourceLabels", "regex", "action", "targetLabel", "replacement" }));
    }

    [Fact]
    public void Operator_Rules_SpeakOfThisNamespaceOnly()
    {
        var rule = StackRule.Of(StackCase.Named("operator-rich").Render(), "PrometheusRule").Single();

        var expressions = rule.Items("spec", "groups").SelectMany(group => group["rules"]!.AsArray()).Select(each => (string)each!["expr"]!).ToList();
        Assert.True(expressions.Count > 25, $"{expressions.Count} rules");
        Assert.All(expressions, expression => Assert.Contains("namespace=\"shop\"", expression, StringComparison.Ordinal));
    }

    [Fact]
    public void Operator_WhereThereIsNone_IsADedicatedPrometheusAndTheStackSaysSo()
    {
        var stack = StackCase.Named("operator-bare").Render();

        Assert.Contains(StackRule.Of(stack, "StatefulSet"), set => set.Name == "prometheus");
        Assert.Empty(StackRule.Of(stack, "PodMonitor", "PrometheusRule"));
        Assert.Contains(stack.Notes, note => note.Contains("no Prometheus operator", StringComparison.Ordinal));
    }

    [Fact]
    public void Datadog_OnAnyCluster_ReadsEveryMetricsPortByAnnotationAndTheServicesKnowTheAgent()
    {
        var stack = StackCase.Named("datadog-rich").Render();

        foreach (var (item, template) in StackRule.Templates(stack))
        {
            foreach (var container in template.Items("spec", "containers").Where(HasMetrics))
            {
                var check = template.Annotation($"ad.datadoghq.com/{container["name"]}.checks");
                Assert.True(check is not null, $"{item}/{container["name"]}");
                Assert.StartsWith("http://%%host%%:", (string)JsonNode.Parse(check)!["openmetrics"]!["instances"]![0]!["openmetrics_endpoint"]!, StringComparison.Ordinal);
            }
        }

        var endpoints = StackRule.Of(stack, "ConfigMap").Single(map => map.Name == "app-endpoints");
        Assert.Equal("datadog-agent.datadog.svc", endpoints.Text("data", "DD_AGENT_HOST"));
        Assert.Equal("udp://datadog-agent.datadog.svc:8125", endpoints.Text("data", "DD_DOGSTATSD_URL"));
        Assert.Contains(stack.Graph.Flows, flow => flow.From == Component.Gateway && flow.To is null && flow.Ports.Contains(new FlowPort(8125, "UDP")));
        Assert.DoesNotContain(StackRule.Of(stack, "StatefulSet"), set => set.Name is "prometheus" or "alertmanager");
    }

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void MetricsPorts_OfEveryCase_MayBeReadByWhoeverGathers(string name)
    {
        var stack = StackCase.Named(name).Render();
        var open = stack.Graph.Flows.Where(flow => flow.Label == "metrics").SelectMany(flow => flow.Ports.Select(port => (flow.To!.Value.Slug(), port.Port))).ToHashSet();

        var ports = StackRule.Templates(stack).SelectMany(each => each.Template.Items("spec", "containers").SelectMany(Ports).Where(IsMetrics).Select(port => (each.Item.Label(Labels.Component)!, (int)port["containerPort"]!))).ToHashSet();

        Assert.Equal(open.Order(), ports.Order());
    }

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Dashboards_OfEveryCase_AreOnesOfAUniqueUidWithDataSourcesThatThereAre(string name)
    {
        var stack = StackCase.Named(name).Render();
        var sources = StackRule.Of(stack, "ConfigMap").SingleOrDefault(map => map.Name == "grafana-conf")?.Text("data", "datasources.yaml") ?? "";
        var dashboards = StackRule.Of(stack, "ConfigMap").Where(map => map.Name.StartsWith("grafana-dashboard-", StringComparison.Ordinal))
            .Select(map => (Map: map, Board: JsonNode.Parse((string)((JsonObject)map.At("data")!).Single().Value!)!)).ToList();

        Assert.Equal(dashboards.Count, dashboards.Select(each => (string)each.Board["uid"]!).Distinct().Count());
        foreach (var (map, board) in dashboards)
        {
            Assert.True(((string)board["uid"]!).Length <= 40);
            // The cluster's Grafana brings its own.
            var known = map.Label("grafana_dashboard") is null ? sources : "uid: prometheus,";
            var panels = board["panels"]!.AsArray();
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
            Assert.All(panels, panel => Assert.Matches($@"uid: {panel!["datasource"]!["uid"]}\b", known));
        }
    }

    [Fact]
    public void Elasticsearch_InPlaceOfLoki_IsWhereTheCollectorSendsAndGrafanaLooks()
    {
        var stack = StackCase.Named("elasticsearch-rich").Render();

        Assert.DoesNotContain(StackRule.Of(stack), item => item.Name == "loki");
        var config = StackRule.Of(stack, "ConfigMap").Single(map => map.Name == "alloy-conf");
        var shipping = new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(config.Text("data", "fluent-bit.yaml")!);
        var output = (Dictionary<object, object>)((List<object>)((Dictionary<object, object>)shipping["pipeline"])["outputs"])[0];
        Assert.Equal(("elastic.logs.example", "9200", "/shop", "on"), (output["host"], output["port"], output["path"], output["tls"]));
        Assert.Contains("uid: elasticsearch", StackRule.Of(stack, "ConfigMap").Single(map => map.Name == "grafana-conf").Text("data", "datasources.yaml"), StringComparison.Ordinal);
        Assert.Contains(stack.Graph.Flows, flow => flow is { From: Component.Logs, To: null, Role: "collector" } && flow.Ports.Contains(new FlowPort(9200)));
    }

    [Theory]
    [InlineData("operator-rich")]
    [InlineData("elasticsearch-rich")]
    public void Collector_Configuration_NamesOnlyComponentsThatItHasAndClosesEveryBlock(string name)
    {
        var text = StackRule.Of(StackCase.Named(name).Render(), "ConfigMap").Single(map => map.Name == "alloy-conf").Text("data", "config.alloy")!;

        var declared = System.Text.RegularExpressions.Regex.Matches(text, "^([a-z_.]+) \"([a-z]+)\" \\{", System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => $"{match.Groups[1]}.{match.Groups[2]}").ToList();
        var used = System.Text.RegularExpressions.Regex.Matches(text, @"(?<![""\w])([a-z_]+(?:\.[a-z_]+)+)\.(?:receiver|input|output|targets)\b").Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(declared));
        Assert.Equal(text.Count(letter => letter == '{'), text.Count(letter => letter == '}'));
    }

    [Theory]
    [InlineData("receivers-rich", "443 8443")]
    [InlineData("Medium-Production-rich", "")]
    public void Alertmanager_MayLeaveTheEnvironment_OnlyForWhomItTells(string name, string expected)
    {
        var ports = StackCase.Named(name).Render().Graph.Flows.Where(flow => flow is { From: Component.Alerting, To: null }).SelectMany(flow => flow.Ports).Select(port => port.Port).Order();

        Assert.Equal(expected, string.Join(' ', ports));
    }

    [Fact]
    public void Alertmanager_WithAMailServer_MayReachItsPort()
    {
        var each = StackCase.Named("receivers-rich");
        var stack = StackBlueprint.Render(each.Spec, StackCase.Identity, each.Capabilities, new() { Mail = new("mail.example", 2525, "alerts@portal.example", true) });

        Assert.Contains(stack.Graph.Flows, flow => flow is { From: Component.Alerting, To: null } && flow.Ports.Contains(new FlowPort(2525)));
        Assert.DoesNotContain(stack.Notes, note => note.Contains("mail", StringComparison.Ordinal));
    }

    private static bool HasMetrics(JsonObject container) => Ports(container).Any(IsMetrics);

    private static IEnumerable<JsonObject> Ports(JsonObject container) => (container["ports"] as JsonArray ?? []).OfType<JsonObject>();

    private static bool IsMetrics(JsonObject port) => ((string)port["name"]!).StartsWith("metrics", StringComparison.Ordinal);
}
