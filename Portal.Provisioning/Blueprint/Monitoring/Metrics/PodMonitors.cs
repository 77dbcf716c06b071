using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Tells the cluster's Prometheus, through its operator, which ports to read.</summary>
/// <remarks>Which PodMonitors a Prometheus takes up is a setting of that Prometheus: it has to select this namespace.</remarks>
internal static class PodMonitors
{
    public static void Add(StackContext stack)
    {
        var config = YamlTree.Read(PrometheusServer.Configuration(stack));
        var relabelings = ((JsonArray)config["scrape_configs"]![0]!["relabel_configs"]!).Select(step => (JsonNode?)Renamed((JsonObject)step!));
        stack.Add(Component.Metrics, "monitoring.coreos.com/v1", "PodMonitor", stack.Identity.Namespace, stack.LabelsOf(Component.Metrics), ("spec", Json.Map(
            ("selector", Json.Map(("matchLabels", Json.Map((Labels.PartOf, stack.Identity.Name))))),
            // Without a port: every port is a target, and relabelling keeps those whose name begins with "metrics".
            ("podMetricsEndpoints", Json.List(Json.Map(
                ("interval", "15s"),
                ("scrapeTimeout", "10s"),
                ("relabelings", Json.List([.. relabelings]))))))));
    }

    private static JsonObject Renamed(JsonObject step) => Json.Map(
        ("sourceLabels", step["source_labels"]?.DeepClone()),
        ("regex", step["regex"]?.DeepClone()),
        ("action", step["action"]?.DeepClone()),
        ("targetLabel", step["target_label"]?.DeepClone()),
        ("replacement", step["replacement"]?.DeepClone()));
}
