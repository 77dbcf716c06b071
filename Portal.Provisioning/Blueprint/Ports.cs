namespace Portal.Provisioning.Blueprint;

/// <summary>The ports of the stack, each written once: flows, policies, probes and configuration read them here.</summary>
internal static class Ports
{
    public const int Http = 8080;
    public const int NginxStatus = 8081;
    public const int Https = 8443;

    /// <summary>Where the world listens for HTTPS.</summary>
    public const int HttpsWorld = 443;

    /// <summary>Where the world listens for plain HTTP.</summary>
    public const int HttpWorld = 80;
    public const int ServiceMetrics = 9090;
    public const int NginxMetrics = 9113;
    public const int MySql = 3306;
    public const int MySqlMetrics = 9104;
    public const int Redis = 6379;
    public const int RedisBus = 16379;
    public const int RedisMetrics = 9121;
    public const int KafkaBroker = 9092;
    public const int KafkaController = 9093;
    public const int KafkaMetrics = 9308;
    public const int VolumeMetrics = 9100;
    public const int GoogleApi = 443;
    public const int Prometheus = 9090;
    public const int StateMetrics = 8080;
    public const int Blackbox = 9115;
    public const int Grafana = 3000;
    public const int Loki = 3100;
    public const int Alloy = 12345;
    public const int LogShipper = 4318;
    public const int LogShipperMetrics = 2020;
    public const int Alertmanager = 9093;
    public const int AlertmanagerMesh = 9094;

    /// <summary>The API server, by its Service and at its own port: a policy may be judged before or after translation.</summary>
    public static readonly int[] ApiServer = [443, 6443];
}
