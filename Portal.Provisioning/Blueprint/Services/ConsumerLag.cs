using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Services;

/// <summary>Scaling by the messages that wait in Kafka for a consumer group.</summary>
/// <remarks>
/// The exporter beside Kafka counts them, and the cluster's metrics adapter serves them to autoscalers, from a Prometheus that it can read. It cannot read the
/// environment's own, which nobody outside may reach. An autoscaler with a metric that never comes does not shrink, so it gets none then.
/// </remarks>
internal static class ConsumerLag
{
    /// <summary>As the exporter names it, for each group, topic and partition.</summary>
    private const string Metric = "kafka_consumergroup_lag";

    public static OutsideMetric? Of(StackContext stack, ServiceSpec spec)
    {
        if (spec.ScaleLag is not { } target)
        {
            return null;
        }

        if (stack.Metrics == MetricsProvider.Operator || stack.Spec.Metrics.RemoteWriteUrl is not null)
        {
            return new(Metric, "consumergroup", spec.KafkaGroup(), target);
        }

        stack.Note($"consume does not scale by {Metric}: {(stack.Metrics == MetricsProvider.Datadog
            ? "Datadog gathers the metrics, and the metric of its adapter has another name"
            : "only the environment's own Prometheus has it, which no adapter of the cluster can read")}. Let the cluster's Prometheus operator gather metrics, or send them to a Prometheus elsewhere (metrics.remoteWriteUrl).");
        return null;
    }

    /// <summary>The group that the autoscaler asks for is the one to join.</summary>
    public static JsonObject[] Env(ServiceSpec spec) => spec.ScaleLag is null ? [] : [Objects.Env.Value(ServiceSpec.GroupVariable, spec.KafkaGroup())];
}
