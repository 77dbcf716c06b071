using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for what watches over an environment and keeps it clean.</summary>
internal static class OperationsRules
{
    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        check.Range("metrics.retentionDays", spec.Metrics.RetentionDays, 1, 365, "days");
        check.Range("metrics.storageGiB", spec.Metrics.StorageGiB, 1, 16_384, "GiB");
        check.Range("logs.retentionDays", spec.Logs.RetentionDays, 1, 365, "days");
        check.Range("logs.storageGiB", spec.Logs.StorageGiB, 1, 16_384, "GiB");
        check.Range("alerting.replicas", spec.Alerting.Replicas, 1, 5, "pods");
        check.That(double.IsFinite(spec.Alerting.ErrorRatePercent) && spec.Alerting.ErrorRatePercent is >= 0.1 and <= 100, "alerting.errorRatePercent",
            $"alerting.errorRatePercent is {spec.Alerting.ErrorRatePercent.ToString(System.Globalization.CultureInfo.InvariantCulture)}; allowed is 0.1 to 100 percent.");
        check.That(spec.Alerting.NotifyEmail is null || (spec.Alerting.NotifyEmail.Length <= 254 && SpecPatterns.Email().IsMatch(spec.Alerting.NotifyEmail)), "alerting.notifyEmail",
            $"{UserText.Quote(spec.Alerting.NotifyEmail)} is no e-mail address. Write one like team@shop.example, or leave it empty.");
        CheckMonitoring(spec, check);
        check.Range("housekeeping.finishedPodsHours", spec.Housekeeping.FinishedPodsHours, 1, 720, "hours");
        check.Range("housekeeping.headroomPods", spec.Housekeeping.HeadroomPods, 0, 20, "pods");
        check.Range("rollout.deadlineMinutes", spec.Rollout.DeadlineMinutes, 2, 240, "minutes");
        DayTwoRules.Check(spec, check);
    }

    private static void CheckMonitoring(EnvironmentSpec spec, SpecCheck check)
    {
        check.That((spec.Metrics.Provider == MetricsProvider.Datadog) == (spec.Metrics.DatadogAgent is not null), "metrics.datadogAgent",
            "metrics.datadogAgent is set exactly when metrics.provider is datadog.");
        check.That(spec.Metrics.DatadogAgent is null || SpecPatterns.HostAndPort().IsMatch(spec.Metrics.DatadogAgent), "metrics.datadogAgent",
            $"{UserText.Quote(spec.Metrics.DatadogAgent)} is no host with a port. Write one like datadog-agent.datadog.svc:8125.");
        CheckRemoteWrite(spec.Metrics, check);
        check.That(spec.Logs.AuditRetentionDays is not { } audit || (audit >= spec.Logs.RetentionDays && audit <= 3_650), "logs.auditRetentionDays",
            $"logs.auditRetentionDays is {spec.Logs.AuditRetentionDays}; allowed is {spec.Logs.RetentionDays} (what logs.retentionDays says) to 3650 days, or none.");
        check.That(spec.Logs.AuditRetentionDays is null || spec.Logs.Provider == LogsProvider.Loki, "logs.auditRetentionDays",
            "logs.auditRetentionDays is for Loki. An Elasticsearch elsewhere keeps lines as it is set up there; leave it empty.");
        check.Range("logs.archiveDays", spec.Logs.ArchiveDays, 0, 3_650, "days");
        check.That((spec.Logs.Provider == LogsProvider.Elasticsearch) == (spec.Logs.ElasticsearchUrl is not null), "logs.elasticsearchUrl",
            "logs.elasticsearchUrl is set exactly when logs.provider is elasticsearch.");
        CheckUrl("logs.elasticsearchUrl", spec.Logs.ElasticsearchUrl, "https://elastic.logs.example:9200", check);
        check.That(spec.Alerting.SlackChannel is null || SpecPatterns.SlackChannel().IsMatch(spec.Alerting.SlackChannel), "alerting.slackChannel",
            $"{UserText.Quote(spec.Alerting.SlackChannel)} is no Slack channel. Write one like #shop-alerts, or leave it empty.");
        CheckUrl("alerting.webhookUrl", spec.Alerting.WebhookUrl, "https://hooks.shop.example/alerts", check);
        check.That(!Uri.TryCreate(spec.Alerting.WebhookUrl, UriKind.Absolute, out var webhook) || PublicAddress.MayBe(webhook), "alerting.webhookUrl",
            $"{UserText.Quote(spec.Alerting.WebhookUrl)} leads to this machine or into a private network, where alerts are not sent. Name a server with a public address, or leave it empty.");
        check.Range("alerting.latencyMilliseconds", spec.Alerting.LatencyMilliseconds, 10, 60_000, "milliseconds");
        check.Range("alerting.diskPercent", spec.Alerting.DiskPercent, 50, 99, "percent");
        check.Range("alerting.replicationLagSeconds", spec.Alerting.ReplicationLagSeconds, 1, 3_600, "seconds");
        check.Range("alerting.consumerLag", spec.Alerting.ConsumerLag, 1, 1_000_000_000, "messages");
    }

    private static void CheckRemoteWrite(MetricsSpec metrics, SpecCheck check)
    {
        check.That(metrics.RemoteWriteUrl is null || metrics.Provider == MetricsProvider.Dedicated, "metrics.remoteWriteUrl",
            "metrics.remoteWriteUrl is for a Prometheus of the environment's own (metrics.provider dedicated). What else gathers metrics is told elsewhere where to send them; leave it empty.");
        CheckUrl("metrics.remoteWriteUrl", metrics.RemoteWriteUrl, "https://metrics.shop.example/api/v1/write", check);
        check.That(!Uri.TryCreate(metrics.RemoteWriteUrl, UriKind.Absolute, out var uri) || uri.Scheme != "http", "metrics.remoteWriteUrl",
            $"{UserText.Quote(metrics.RemoteWriteUrl)} would send the login in the clear. Write an address that begins with https.");
        check.That(uri is null || PublicAddress.MayBe(uri), "metrics.remoteWriteUrl",
            $"{UserText.Quote(metrics.RemoteWriteUrl)} leads to this machine or into a private network, where metrics are not sent. Name a server with a public address, or leave it empty.");
        check.That(metrics.RemoteWriteUser is null || metrics.RemoteWriteUrl is not null, "metrics.remoteWriteUser", "metrics.remoteWriteUser needs metrics.remoteWriteUrl, where it logs in.");
        check.That(metrics.RemoteWriteUser is null || SpecPatterns.Token().IsMatch(metrics.RemoteWriteUser), "metrics.remoteWriteUser",
            $"{UserText.Quote(metrics.RemoteWriteUser)} is no name to log in with. Use letters, digits, dots, hyphens and underscores, at most 100, or leave it empty to send a token alone.");
    }

    private static void CheckUrl(string field, string? url, string example, SpecCheck check) =>
        check.That(url is null || (url.Length <= 500 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && SpecPatterns.PlainUrl().IsMatch(url)), field,
            $"{UserText.Quote(url)} is no address to send to. Write one like {example}, without a user name or password, or leave it empty.");
}
