using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Grafana's dashboards: one ConfigMap each, because a ConfigMap holds at most 1 MiB. Grafana reads changed ones by itself.</summary>
internal static class Dashboards
{
    private const string Folder = "Monitoring/Metrics/Dashboards/";

    /// <summary>By this label the Grafana that usually comes with the operator finds dashboards in all namespaces.</summary>
    private static readonly (string Key, string Value) s_forTheClusters = ("grafana_dashboard", "1");

    /// <returns>The ConfigMaps for the environment's own Grafana: what it has no data source for is not among them.</returns>
    public static IReadOnlyList<string> Add(StackContext stack)
    {
        List<string> own = [];
        foreach (var dashboard in OfMetrics(stack.Spec, stack.Metrics))
        {
            var name = Add(stack, dashboard, stack.Metrics == MetricsProvider.Operator);
            if (stack.Metrics == MetricsProvider.Dedicated)
            {
                own.Add(name);
            }
        }

        own.Add(Add(stack, stack.Spec.Logs.Provider == LogsProvider.Loki ? "logs" : "logs-elasticsearch", forTheCluster: false));
        return own;
    }

    private static IEnumerable<string> OfMetrics(EnvironmentSpec spec, MetricsProvider provider) => provider == MetricsProvider.Datadog
        ? []
        : ["overview", "edge", "services", .. spec.MySql.IsExternal() ? Array.Empty<string>() : ["mysql"], "redis", .. spec.PubSub.Provider == PubSubProvider.Kafka ? ["kafka"] : Array.Empty<string>()];

    private static string Add(StackContext stack, string dashboard, bool forTheCluster)
    {
        var labels = stack.LabelsOf(Component.Metrics);
        if (forTheCluster)
        {
            labels.Add(s_forTheClusters.Key, s_forTheClusters.Value);
        }

        var name = $"grafana-dashboard-{dashboard}";
        // The uid is unique in a Grafana that has the dashboards of many environments; it may have 40 characters, a namespace more.
        var text = Template.Fill($"{Folder}{dashboard}.json", ("UID", $"{dashboard}-{Names.Hash(stack.Identity.Namespace)}"), ("NAMESPACE", stack.Identity.Namespace));
        stack.Add(Component.Metrics, "v1", "ConfigMap", name, labels, Json.Map((Labels.LiveReload, "true")), generated: null, ("data", Json.Map(($"{dashboard}.json", text))));
        return name;
    }
}
