namespace Portal.Core.Environments.Specs;

/// <summary>Metrics: Prometheus of the environment's own, and Grafana with its dashboards; or what the cluster has.</summary>
public sealed record MetricsSpec(int RetentionDays, int StorageGiB, bool Grafana)
{
    public MetricsProvider Provider { get; init; } = MetricsProvider.Dedicated;

    /// <summary>Host and port of the Datadog agent's DogStatsD, for example <c>datadog-agent.datadog.svc:8125</c>; set exactly when the provider is Datadog.</summary>
    public string? DatadogAgent { get; init; }

    /// <summary>A server elsewhere that Prometheus of the environment's own sends every sample to, for example <c>https://metrics.shop.example/api/v1/write</c>; null for none.</summary>
    public string? RemoteWriteUrl { get; init; }

    /// <summary>Who logs in there; null sends a token alone. The password or token is in a Secret that people fill.</summary>
    public string? RemoteWriteUser { get; init; }
}

public enum MetricsProvider
{
    /// <summary>Prometheus and Alertmanager in the environment.</summary>
    Dedicated,

    /// <summary>The cluster's Prometheus operator: PodMonitor, Probe and PrometheusRule; a dedicated one where there is no operator.</summary>
    Operator,

    /// <summary>The cluster's Datadog agent: annotations on the pods.</summary>
    Datadog,
}

/// <summary>Logs: Loki and a collector that reads through the API server, without node access; or an Elasticsearch elsewhere.</summary>
public sealed record LogsSpec(int RetentionDays, int StorageGiB)
{
    public LogsProvider Provider { get; init; } = LogsProvider.Loki;

    /// <summary>Days for which log lines are kept as compressed files after they left Loki; 0 deletes them.</summary>
    public int ArchiveDays { get; init; }

    /// <summary>Days for which Loki keeps the audit lines of the firewall, at least those of all others; null keeps them as long as these.</summary>
    public int? AuditRetentionDays { get; init; }

    /// <summary>Address of an Elasticsearch, for example <c>https://elastic.logs.example:9200</c>; set exactly when the provider is Elasticsearch.</summary>
    public string? ElasticsearchUrl { get; init; }
}

public enum LogsProvider
{
    Loki,

    /// <summary>The collector ships to an Elasticsearch (ELK) that is there already.</summary>
    Elasticsearch,
}

/// <summary>Alertmanager, alert rules and who hears of them.</summary>
/// <param name="ErrorRatePercent">Share of failed requests, in percent over five minutes, that raises an alert.</param>
/// <param name="NotifyEmail">Address that receives alerts; null sends no mail.</param>
public sealed record AlertingSpec(int Replicas, double ErrorRatePercent, string? NotifyEmail)
{
    /// <summary>Slack channel that receives alerts, for example <c>#shop-alerts</c>; null for none.</summary>
    public string? SlackChannel { get; init; }

    /// <summary>Address that alerts are posted to as JSON; null for none.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>95th percentile of the response time above which an alert is raised, in milliseconds.</summary>
    public int LatencyMilliseconds { get; init; } = 1000;

    /// <summary>Share of a volume in use above which an alert is raised, in percent.</summary>
    public int DiskPercent { get; init; } = 85;

    /// <summary>How far a MySQL replica may be behind, in seconds.</summary>
    public int ReplicationLagSeconds { get; init; } = 30;

    /// <summary>How many messages a consumer group may be behind.</summary>
    public int ConsumerLag { get; init; } = 1000;
}

/// <summary>Keeps the environment clean: finished pods, and headroom for the node autoscaler.</summary>
/// <param name="FinishedPodsHours">Hours that a finished or failed pod is kept.</param>
/// <param name="HeadroomPods">Low-priority placeholder pods that keep room for the next scale-out; 0 for none.</param>
public sealed record HousekeepingSpec(int FinishedPodsHours, int HeadroomPods);
