using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Blueprint;

/// <summary>Every way to gather metrics and logs and to tell of alerts, on clusters with and without an operator.</summary>
internal static class MonitoringCases
{
    public static IEnumerable<StackCase> On(ClusterCapabilities rich, ClusterCapabilities bare)
    {
        foreach (var cluster in new[] { ("rich", rich), ("bare", bare) })
        {
            yield return new($"operator-{cluster.Item1}", Operator(), cluster.Item2);
            yield return new($"datadog-{cluster.Item1}", Datadog(), cluster.Item2);
            yield return new($"elasticsearch-{cluster.Item1}", Elasticsearch(), cluster.Item2);
            yield return new($"receivers-{cluster.Item1}", Receivers(), cluster.Item2);
        }
    }

    private static EnvironmentSpec Base => Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example");

    private static EnvironmentSpec Operator() => Base with { Metrics = Base.Metrics with { Provider = MetricsProvider.Operator }, Logs = Base.Logs with { ArchiveDays = 365 }, Consume = Base.Consume with { ScaleLag = 500 } };

    private static EnvironmentSpec Datadog() => Base with
    {
        Metrics = Base.Metrics with { Provider = MetricsProvider.Datadog, DatadogAgent = "datadog-agent.datadog.svc:8125", Grafana = false },
    };

    private static EnvironmentSpec Elasticsearch() => Base with
    {
        Logs = Base.Logs with { Provider = LogsProvider.Elasticsearch, ElasticsearchUrl = "https://elastic.logs.example:9200/shop" },
    };

    private static EnvironmentSpec Receivers() => Base with
    {
        Redis = Base.Redis with { Eviction = RedisEviction.Refuse },
        Metrics = Base.Metrics with { RemoteWriteUrl = "https://metrics.shop.example:8443/api/v1/write", RemoteWriteUser = "shop" },
        Logs = Base.Logs with { AuditRetentionDays = 365 },
        Alerting = Base.Alerting with { NotifyEmail = "team@shop.example", SlackChannel = "#shop-alerts", WebhookUrl = "https://hooks.shop.example:8443/alerts" },
    };
}
