using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Texts;

namespace Portal.Provisioning.Blueprint.Monitoring.Alerting;

/// <summary>The rules that Prometheus evaluates: only those for what the stack has.</summary>
internal static class AlertRules
{
    private const string Folder = "Monitoring/Alerting/Rules/";

    /// <summary>As Prometheus reads them from a file.</summary>
    public static string File(StackContext stack) => "groups:\n" + string.Concat(Parts(stack));

    /// <summary>As a PrometheusRule holds them.</summary>
    public static JsonNode Groups(StackContext stack) => YamlTree.Read(string.Concat(Parts(stack)));

    private static IEnumerable<string> Parts(StackContext stack)
    {
        var spec = stack.Spec;
        var alerting = spec.Alerting;
        yield return Part(stack, "slo", ("ERROR_RATIO", Text(alerting.ErrorRatePercent / 100)), ("LATENCY_SECONDS", Text(alerting.LatencyMilliseconds / 1000.0)));
        yield return Part(stack, "targets", ("ABSENT", Absent(stack)));
        yield return Part(stack, "nginx");
        var isMySqlOurs = !spec.MySql.IsExternal();
        if (isMySqlOurs)
        {
            yield return Part(stack, "mysql");
        }

        if (isMySqlOurs && spec.MySql.ReadReplicas > 0)
        {
            yield return Part(stack, "mysql-replicas", ("LAG_SECONDS", Text(alerting.ReplicationLagSeconds)));
        }

        foreach (var part in Redis(spec.Redis))
        {
            yield return Part(stack, part);
        }

        if (spec.PubSub.Provider == PubSubProvider.Kafka)
        {
            yield return Part(stack, "kafka", ("BROKERS", Text(spec.PubSub.Brokers)), ("CONSUMER_LAG", Text(alerting.ConsumerLag)));
        }

        yield return Part(stack, "volumes", ("DISK_RATIO", Text(alerting.DiskPercent / 100.0)));
        yield return Part(stack, spec.Logs.Provider == LogsProvider.Loki ? "logs" : "logs-elasticsearch");
        yield return Part(stack, "entry", ("RENEW", Renew(stack)));
        yield return Part(stack, "kubernetes", ("ON_USE", $"{Names.MySqlDumps}|{Names.LogsArchive}"));
        if (isMySqlOurs)
        {
            // More of the same group.
            yield return Part(stack, "kubernetes-backup", ("BACKUP", Names.MySqlBackup), ("BACKUP_SECONDS", Text(MySqlBackups.MaxAgeSeconds)));
        }

        // The cluster's Prometheus is watched by the cluster.
        if (stack.Metrics == MetricsProvider.Dedicated)
        {
            yield return Part(stack, "monitoring", ("ALERTMANAGERS", Text(alerting.Replicas)));
        }
    }

    private static IEnumerable<string> Redis(RedisSpec spec)
    {
        yield return "redis";
        if (spec.Eviction != RedisEviction.LeastRecentlyUsed)
        {
            yield return "redis-full";
        }

        if (spec.ReplicasPerShard > 0)
        {
            yield return "redis-replicas";
        }

        if (spec.Shards > 1)
        {
            yield return "redis-cluster";
        }
    }

    /// <summary>One series for each component that has targets and shows none.</summary>
    private static string Absent(StackContext stack) => string.Join(" or ", stack.Graph.Flows
        .Where(flow => flow.Label == MonitoringFlows.ScrapeLabel && flow.To is not Component.Metrics)
        .Select(flow => $$"""absent(up{namespace="{{stack.Identity.Namespace}}",component="{{flow.To!.Value.Slug()}}"})"""));

    /// <summary>A template of Prometheus, because both tiers share a rule.</summary>
    private static string Renew(StackContext stack) =>
        "{{ if eq $labels.tier \"edge\" }}"
        + RenewEdge(EntryCertificates.SourceOf(stack.Spec.Edge.Certificate, stack.Capabilities), EntryCertificates.Edge(stack.Spec, stack.Capabilities))
        + "{{ else }}"
        + "Rotate the certificate of the load balancer on the page of the environment. Do not delete its Secret: edges refuse a certificate that they did not learn of first."
        + "{{ end }}";

    private static string RenewEdge(CertificateSource source, string secret) => source switch
    {
        CertificateSource.Generated => $"Rotate the certificate of the CDN edge on the page of the environment. One of your own: put the new one into the Secret {secret} (tls.crt, tls.key) and restart the CDN edge there.",
        CertificateSource.CertManager => $"cert-manager has not renewed it. Look at the Certificate {secret} and its issuer: the conditions say what it waits for.",
        CertificateSource.Provided => $"Put the new one into the Secret {secret} (tls.crt, tls.key); the edges take it over within two minutes.",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };

    private static string Part(StackContext stack, string name, params ReadOnlySpan<(string Name, string Value)> values) =>
        Template.Fill($"{Folder}{name}.yml", [.. values, ("NAMESPACE", stack.Identity.Namespace)]);

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
