namespace Portal.Provisioning.Blueprint;

/// <summary>Values of <see cref="Labels.Role"/>: they tell the workloads of one component apart.</summary>
internal static class Roles
{
    public const string Server = "server";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string Form = "form";
    public const string Broker = "broker";
    public const string Controller = "controller";
    public const string Topics = "topics";
    public const string Exporter = "exporter";
    public const string Prometheus = "prometheus";
    public const string StateMetrics = "kube-state-metrics";
    public const string Blackbox = "blackbox";
    public const string Grafana = "grafana";
    public const string Loki = "loki";
    public const string Archive = "archive";
    public const string Collector = "collector";
    public const string Janitor = "janitor";
    public const string Check = "check";
    public const string Headroom = "headroom";
}
