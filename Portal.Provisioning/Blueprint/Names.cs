using System.Security.Cryptography;
using System.Text;

namespace Portal.Provisioning.Blueprint;

/// <summary>Names that more than one layer says, and the rule that keeps any name within its limit.</summary>
internal static class Names
{
    /// <summary>What a Deployment, StatefulSet or CronJob may be called so that its pods and revisions still fit a label value.</summary>
    public const int MaxWorkload = 52;

    public const string LoadBalancer = "load-balancer";
    public const string Ingress = "ingress";
    public const string Frontend = "frontend";
    public const string Gateway = "gateway";
    public const string Publish = "publish";
    public const string Consume = "consume";
    public const string MySqlNodes = "mysql";
    public const string MySqlPrimary = "mysql-primary";
    public const string MySqlRead = "mysql-read";
    public const string MySqlBackup = "mysql-backup";
    public const string MySqlDumps = "mysql-dumps";
    public const string Redis = "redis";
    public const string RedisNodes = "redis-nodes";
    public const string Kafka = "kafka";
    public const string Prometheus = "prometheus";
    public const string StateMetrics = "kube-state-metrics";
    public const string Blackbox = "blackbox";
    public const string Grafana = "grafana";
    public const string LogsArchive = "logs-archive";
    public const string Loki = "loki";
    public const string Alertmanager = "alertmanager";
    public const string AlertRules = "prometheus-rules";
    public const string AppEndpoints = "app-endpoints";

    /// <summary>The name as it is when it fits; else cut, with a hash of the whole so that two long names stay two.</summary>
    public static string Fit(string name, int max = MaxWorkload) =>
        name.Length <= max ? name : $"{name[..(max - 9)].TrimEnd('-')}-{Hash(name)}";

    /// <summary>Eight characters that change with the text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
