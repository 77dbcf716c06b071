using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>Who gathers the metrics: a Prometheus of the environment's own, the cluster's, or Datadog; and Grafana, which shows them.</summary>
internal static class MetricsLayer
{
    /// <summary>What the spec asks for, or a dedicated Prometheus on a cluster that has no operator for one.</summary>
    public static MetricsProvider ProviderFor(EnvironmentSpec spec, ClusterCapabilities capabilities) =>
        spec.Metrics.Provider == MetricsProvider.Operator && !capabilities.HasPrometheusOperator ? MetricsProvider.Dedicated : spec.Metrics.Provider;

    public static void Render(StackContext stack)
    {
        switch (stack.Metrics)
        {
            case MetricsProvider.Dedicated:
                PrometheusServer.Add(stack);
                StateMetrics.Add(stack);
                Blackbox.Add(stack);
                break;
            case MetricsProvider.Operator:
                PodMonitors.Add(stack);
                Blackbox.Add(stack);
                EntryProbes.AddObjects(stack);
                stack.Note("Alerts on restarts, missing pods, claims, Jobs and the age of the backup need a kube-state-metrics of the cluster that its Prometheus reads.");
                break;
            case MetricsProvider.Datadog:
                stack.Note("Metrics, their dashboards and alerts are in Datadog: there is no Prometheus and no Alertmanager. Whom it tells of an alert is set there.");
                break;
            default: throw new ArgumentOutOfRangeException(nameof(stack), stack.Metrics, "Unknown provider.");
        }

        if (stack.Metrics != stack.Spec.Metrics.Provider)
        {
            stack.Note("The environment has a Prometheus of its own: the cluster has no Prometheus operator (monitoring.coreos.com).");
        }

        if (stack.Spec.Metrics.Grafana)
        {
            GrafanaServer.Add(stack);
        }
    }
}
