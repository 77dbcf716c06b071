using System.Globalization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Monitoring.Metrics;

namespace Portal.Provisioning.Blueprint.Monitoring;

/// <summary>The flows of what watches over the environment: who may read metrics, where log lines and alerts go.</summary>
internal static class MonitoringFlows
{
    /// <summary>Label of the flows along which metrics are read.</summary>
    public const string ScrapeLabel = "metrics";

    public static IEnumerable<Flow> Of(EnvironmentSpec spec, IngressMode ingress, MetricsProvider metrics, PlatformSettings platform) =>
    [
        .. Scrapes(spec, ingress, metrics),
        .. Probes(metrics),
        .. metrics == MetricsProvider.Dedicated ? Alerts(spec, platform) : [],
        .. metrics == MetricsProvider.Dedicated ? RemoteWrite.Flows(spec.Metrics) : [],
        .. Logs(spec),
        .. Dashboards(spec),
        .. metrics == MetricsProvider.Datadog ? Datadog(spec) : [],
        Wiring.Tcp(Component.Housekeeping, null, "API server: finished pods", Ports.ApiServer) with { Role = Roles.Janitor },
    ];

    /// <remarks>The cluster's Prometheus or Datadog agent runs where it is not ours to know, so that it comes from the world.</remarks>
    private static IEnumerable<Flow> Scrapes(EnvironmentSpec spec, IngressMode ingress, MetricsProvider metrics)
    {
        var isOurs = metrics == MetricsProvider.Dedicated;
        foreach (var (component, ports) in Targets(spec, ingress, metrics).Where(target => target.Ports.Count > 0))
        {
            yield return Wiring.Tcp(isOurs ? Component.Metrics : null, component, ScrapeLabel, [.. ports]);
        }

        if (isOurs)
        {
            yield return Wiring.Tcp(Component.Metrics, null, "API server: which pods there are", Ports.ApiServer) with { Role = Roles.Prometheus };
            yield return Wiring.Tcp(Component.Metrics, Component.Metrics, "state of objects", Ports.StateMetrics);
            yield return Wiring.Tcp(Component.Metrics, null, "API server: the state of objects", Ports.ApiServer) with { Role = Roles.StateMetrics };
        }
    }

    /// <summary>The entry is asked from inside; whoever gathers the metrics tells the prober when.</summary>
    private static IEnumerable<Flow> Probes(MetricsProvider metrics) => metrics == MetricsProvider.Datadog
        ? []
        :
        [
            Wiring.Tcp(metrics == MetricsProvider.Dedicated ? Component.Metrics : null, Component.Metrics, "probes", Ports.Blackbox),
            Wiring.Tcp(Component.Metrics, Component.Edge, "probes", Ports.Https),
            Wiring.Tcp(Component.Metrics, Component.LoadBalancer, "probes", Ports.Https),
        ];

    /// <summary>The ports that metrics are read from. Every container port whose name begins with <c>metrics</c> is one of them.</summary>
    private static IEnumerable<(Component Component, IReadOnlyList<int> Ports)> Targets(EnvironmentSpec spec, IngressMode ingress, MetricsProvider metrics)
    {
        var isDedicated = metrics == MetricsProvider.Dedicated;
        return
        [
            (Component.Edge, [Ports.NginxMetrics]),
            (Component.LoadBalancer, [Ports.NginxMetrics]),
            (Component.Ingress, ingress == IngressMode.Dedicated ? [Ports.NginxMetrics] : []),
            (Component.Frontend, [Ports.NginxMetrics]),
            (Component.Gateway, [Ports.ServiceMetrics]),
            (Component.Publish, [Ports.ServiceMetrics]),
            (Component.Consume, [Ports.ServiceMetrics]),
            (Component.MySql, spec.MySql.IsExternal() ? [] : [Ports.MySqlMetrics, Ports.VolumeMetrics]),
            (Component.Redis, spec.Redis.Persistent || spec.Redis.Shards > 1 ? [Ports.RedisMetrics, Ports.VolumeMetrics] : [Ports.RedisMetrics]),
            (Component.PubSub, spec.PubSub.Provider == PubSubProvider.Kafka ? [Ports.KafkaMetrics, Ports.VolumeMetrics] : []),
            (Component.Logs, spec.Logs.Provider == LogsProvider.Loki ? [Ports.Loki, Ports.Alloy, Ports.VolumeMetrics] : [Ports.Alloy, Ports.LogShipperMetrics]),
            (Component.Alerting, isDedicated ? [Ports.Alertmanager, Ports.VolumeMetrics] : []),
            (Component.Metrics, [.. isDedicated ? [Ports.Prometheus, Ports.VolumeMetrics] : Array.Empty<int>(), .. spec.Metrics.Grafana ? [Ports.Grafana] : Array.Empty<int>()]),
        ];
    }

    private static IEnumerable<Flow> Alerts(EnvironmentSpec spec, PlatformSettings platform)
    {
        yield return Wiring.Tcp(Component.Metrics, Component.Alerting, "alerts", Ports.Alertmanager);
        if (spec.Alerting.Replicas > 1)
        {
            yield return new(Component.Alerting, Component.Alerting, "notified once", [new(Ports.AlertmanagerMesh), new(Ports.AlertmanagerMesh, "UDP")]);
        }

        // The mail server is the platform's owners' to name, and may be in a network of theirs; Slack and a webhook are not in ours.
        if (spec.Alerting.NotifyEmail is not null && platform.Mail is { } mail)
        {
            yield return Wiring.Tcp(Component.Alerting, null, "notifications by mail", mail.Port);
        }

        List<int> world = [.. spec.Alerting.SlackChannel is null ? [] : new[] { Ports.HttpsWorld }, .. spec.Alerting.WebhookUrl is { } webhook ? new[] { new Uri(webhook).Port } : []];
        if (world.Count > 0)
        {
            yield return Wiring.Tcp(Component.Alerting, null, "notifications", [.. world.Distinct()]) with { Within = AddressRange.Public };
        }
    }

    private static IEnumerable<Flow> Logs(EnvironmentSpec spec)
    {
        yield return Wiring.Tcp(Component.Logs, null, "API server: log lines", Ports.ApiServer) with { Role = Roles.Collector };
        yield return spec.Logs.ElasticsearchUrl is { } elasticsearch
            ? Wiring.Tcp(Component.Logs, null, "log lines to Elasticsearch", new Uri(elasticsearch).Port) with { Role = Roles.Collector }
            : Wiring.Tcp(Component.Logs, Component.Logs, "log lines", Ports.Loki);
    }

    private static IEnumerable<Flow> Dashboards(EnvironmentSpec spec)
    {
        if (!spec.Metrics.Grafana)
        {
            yield break;
        }

        yield return spec.Logs.ElasticsearchUrl is { } elasticsearch
            ? Wiring.Tcp(Component.Metrics, null, "log queries to Elasticsearch", new Uri(elasticsearch).Port) with { Role = Roles.Grafana }
            : Wiring.Tcp(Component.Metrics, Component.Logs, "log queries", Ports.Loki);
    }

    private static IEnumerable<Flow> Datadog(EnvironmentSpec spec)
    {
        var port = int.Parse(spec.Metrics.DatadogAgent!.Split(':')[1], CultureInfo.InvariantCulture);
        foreach (var service in new[] { Component.Gateway, Component.Publish, Component.Consume })
        {
            yield return new(service, null, "DogStatsD", [new(port, "UDP")]);
        }
    }
}
