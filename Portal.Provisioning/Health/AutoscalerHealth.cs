using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>HorizontalPodAutoscalers. Metrics that are not there yet are normal for a young pod; a metric that cannot be is not.</summary>
internal static class AutoscalerHealth
{
    private const string Correct = "Correct what the autoscaler points at; until then its target keeps the pods that it has.";

    public static HealthReport Assess(KubeObject live)
    {
        if (live.Condition("AbleToScale") is { } able && able.Is("False") && able.Text("reason") is "FailedGetScale" or "FailedUpdateScale")
        {
            return Broken($"It cannot scale its target: {live.Condition("AbleToScale").Words()}.");
        }

        var active = live.Condition("ScalingActive");
        return (active?.Text("status"), active?.Text("reason")) switch
        {
            (null, _) => HealthReport.Progressing("The autoscaler has not looked at its target yet."),
            ("True", _) => HealthReport.Healthy(
                $"{Reading.Pods(live.Count("currentReplicas"))} now, between {live.Number("spec", "minReplicas") ?? 1} and {live.Number("spec", "maxReplicas")}{AtLimit(live)}."),
            (_, "ScalingDisabled") => HealthReport.Suspended("Its target is scaled to zero, so it does nothing."),
            (_, "InvalidSelector" or "InvalidMetricSourceType" or "AmbiguousSelector") => Broken($"It cannot measure its target: {active.Words()}."),
            _ => HealthReport.Progressing($"Waiting for metrics: {active.Words()}."),
        };
    }

    private static HealthReport Broken(string message) => HealthReport.Degraded(HealthCause.Configuration, message, Correct) with { PodsMayRun = true };

    private static string AtLimit(KubeObject live) =>
        live.Condition("ScalingLimited") is { } limited && limited.Is("True") && limited.Text("reason") == "TooManyReplicas" ? "; it would like more" : "";
}
