using Portal.Core.Environments.Specs;

namespace Portal.Provisioning.Blueprint.Objects;

/// <summary>Between how many pods a workload is scaled, and by what: always by CPU, and by more where a service asks for it.</summary>
/// <param name="MemoryPercent">Also by memory, in percent of the request; null for not.</param>
/// <param name="Metric">Also by a metric that the pods report themselves; null for none.</param>
/// <param name="MetricTarget">The average per pod that the metric is steered to.</param>
/// <param name="Outside">Also by what is measured elsewhere than in the pods; null for none.</param>
internal sealed record ScaleSignals(Scale Scale, int? MemoryPercent = null, string? Metric = null, int? MetricTarget = null, OutsideMetric? Outside = null)
{
    public static ScaleSignals Of(ServiceSpec spec, OutsideMetric? outside) => new(spec.Scale, spec.ScaleMemoryPercent, spec.ScaleMetric, spec.ScaleMetricTarget, outside);
}

/// <summary>A metric that is no pod's own. The cluster's adapter adds up its series that have the label, and the sum is shared among the pods.</summary>
/// <param name="Target">The share of each pod that the number of pods is steered to.</param>
internal sealed record OutsideMetric(string Metric, string Label, string Value, int Target);
