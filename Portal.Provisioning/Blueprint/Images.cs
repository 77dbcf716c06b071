using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint;

/// <summary>The images of the stack's own parts, each with a version.</summary>
internal static class Images
{
    public const string Nginx = "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim";
    public const string ModSecurity = "docker.io/owasp/modsecurity-crs:4.25-nginx-lts";
    public const string NginxExporter = "docker.io/nginx/nginx-prometheus-exporter:1.5.3";
    public const string MySql = "docker.io/library/mysql:8.4.11";
    public const string MySqlExporter = "docker.io/prom/mysqld-exporter:v0.20.0";
    public const string RedisExporter = "docker.io/oliver006/redis_exporter:v1.88.0";
    public const string Kafka = "docker.io/apache/kafka:4.3.1";
    public const string KafkaExporter = "docker.io/danielqsj/kafka-exporter:v1.9.0";
    public const string Prometheus = "docker.io/prom/prometheus:v3.13.2";
    public const string NodeExporter = "docker.io/prom/node-exporter:v1.12.1";
    public const string Alertmanager = "docker.io/prom/alertmanager:v0.33.1";
    public const string StateMetrics = "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.19.1";
    public const string Blackbox = "quay.io/prometheus/blackbox-exporter:v0.28.0";
    public const string Grafana = "docker.io/grafana/grafana:13.1.3";
    public const string Loki = "docker.io/grafana/loki:3.7.6";
    public const string Alloy = "docker.io/grafana/alloy:v1.18.1";
    public const string Rclone = "docker.io/rclone/rclone:1.71.2";
    public const string FluentBit = "docker.io/fluent/fluent-bit:4.2.0";

    /// <summary>Also has bash, curl and jq: scripts that speak HTTP run in it.</summary>
    public const string Kubectl = "docker.io/alpine/k8s:1.34.1";
    public const string Pause = "registry.k8s.io/pause:3.10.1";

    public static IReadOnlyList<string> All { get; } =
    [
        Nginx, ModSecurity, NginxExporter, MySql, MySqlExporter, .. Enum.GetValues<RedisEngine>().Select(Redis), RedisExporter, Kafka, KafkaExporter,
        Prometheus, NodeExporter, Alertmanager, StateMetrics, Blackbox, Grafana, Loki, Alloy, Rclone, FluentBit, Kubectl, Pause,
    ];

    public static string Redis(RedisEngine engine) => engine switch
    {
        RedisEngine.Redis => "docker.io/library/redis:8.10.1",
        RedisEngine.Valkey => "docker.io/valkey/valkey:9.1.2",
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "Unknown engine."),
    };
}

/// <summary>The users that the images expect to run as.</summary>
internal static class Users
{
    public const int Nginx = 101;
    public const int MySql = 999;
    public const int Redis = 999;
    public const int Kafka = 1000;
    public const int Prometheus = 65534;
    public const int Nobody = 65534;
    public const int Grafana = 472;
    public const int Loki = 10001;
    public const int Alloy = 473;

    /// <summary>Application images run as this user: none of theirs may need a certain one.</summary>
    public const int Application = 10001;
}
