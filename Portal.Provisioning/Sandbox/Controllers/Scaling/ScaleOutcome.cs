using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What one look of an autoscaler came to, and how its status says it.</summary>
internal sealed record ScaleOutcome
{
    private const double Noise = 0.08;

    /// <summary>The pods that the target has.</summary>
    public int Replicas { get; init; }

    /// <summary>What the target's spec asks for; zero when it is switched off or not there.</summary>
    public int Current { get; init; }

    public int Wanted { get; init; }

    public int Min { get; init; }

    public int Max { get; init; }

    /// <summary>What the metrics ask for before any limit; null when there are none.</summary>
    public int? Asked { get; init; }

    public IReadOnlyList<ScaleAdvice> Advices { get; init; } = [];

    /// <summary>Why the target cannot be scaled at all.</summary>
    public (string Reason, string Message)? Problem { get; init; }

    public void Write(JsonObject status, string now)
    {
        status["currentReplicas"] = Replicas;
        status["desiredReplicas"] = Wanted;
        if (Current > 0 && Wanted != Current)
        {
            status["lastScaleTime"] = now;
        }

        WriteMetrics(status);
        WriteConditions(status, now);
    }

    // Small moves are not written: every write reaches every watch, and the waves never stand still.
    private void WriteMetrics(JsonObject status)
    {
        var shown = Advices.Select(advice => advice.Current).OfType<JsonObject>().ToList();
        var before = status.Items("currentMetrics").ToList();
        if (shown.Count == 0)
        {
            status.Remove("currentMetrics");
        }
        else if (before.Count != shown.Count || before.Zip(shown).Any(pair => Moved(pair.First, pair.Second)))
        {
            status["currentMetrics"] = new JsonArray([.. shown.Select(metric => metric.DeepClone())]);
        }
    }

    private void WriteConditions(JsonObject status, string now)
    {
        if (Problem is var (reason, message))
        {
            Conditions.Set(status, "AbleToScale", false, now, reason, message);
            return;
        }

        if (Current == 0)
        {
            Conditions.Set(status, "AbleToScale", true, now, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
            Conditions.Set(status, "ScalingActive", false, now, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return;
        }

        var held = Asked is { } asked && Math.Clamp(asked, Min, Max) != Wanted;
        Conditions.Set(
            status, "AbleToScale", true, now, held ? "ScaleDownStabilized" : "ReadyForNewScale",
            held ? "recent recommendations or the policies of the behavior hold the change back" : "recommended size matches current size");
        var found = Advices.FirstOrDefault(advice => advice.Replicas is not null);
        var said = found ?? (Advices.Count > 0 ? Advices[0] : null);
        Conditions.Set(status, "ScalingActive", found is not null, now, said?.Reason ?? "NoMetrics", said?.Message ?? "the HPA has no metrics");
        var (limited, words) = Asked switch
        {
            { } few when few < Min => ("TooFewReplicas", "the desired replica count is less than the minimum replica count"),
            { } many when many > Max => ("TooManyReplicas", "the desired replica count is more than the maximum replica count"),
            _ => ("DesiredWithinRange", "the desired count is within the acceptable range"),
        };
        Conditions.Set(status, "ScalingLimited", limited != "DesiredWithinRange", now, limited, words);
    }

    private static bool Moved(JsonObject before, JsonObject now)
    {
        var (old, next) = (Amount(before), Amount(now));
        return Math.Abs(next - old) > old * Noise;
    }

    private static long Amount(JsonObject metric)
    {
        var current = (metric.Map("resource") ?? metric.Map("containerResource"))?.Map("current");
        return current?.Number("averageUtilization") ?? Quantity.Milli(current?.Text("averageValue")) ?? 0;
    }
}
