namespace Portal.Provisioning.Health;

/// <summary>Why the server refused to create pods, read from its own words: controllers repeat them in conditions and events.</summary>
internal static class Refusal
{
    private const string TooNarrow = "Keep the containers within the limits that the namespace sets for each (its LimitRange).";
    private const string Uncounted = "Give every container the requests and limits that the quota counts.";
    private const string TooOpen = "The namespace admits only pods of a stricter security level: change the settings that the message names.";
    private const string NoAnswer = "The webhook itself does not answer: ask the operators of the cluster.";

    public static HealthReport Of(string words)
    {
        var message = $"Pods cannot be created: {words}.";
        return words switch
        {
            _ when Says(words, "exceeded quota") => HealthReport.Degraded(HealthCause.Quota, message),
            _ when Says(words, "failed quota") => HealthReport.Degraded(HealthCause.Quota, message, Uncounted),

            // The quota is so new that the cluster has not counted yet; its controllers try again by themselves.
            _ when Says(words, "status unknown for quota") => HealthReport.Degraded(HealthCause.Quota, message) with { PodsMayRun = true },
            _ when Says(words, "usage per ") || Says(words, "limit to request ratio") => HealthReport.Degraded(HealthCause.Quota, message, TooNarrow),
            _ when Says(words, "violates PodSecurity") => HealthReport.Degraded(HealthCause.Configuration, message, TooOpen),
            _ when Says(words, "failed calling webhook") || Says(words, "failed to call webhook") =>
                HealthReport.Degraded(HealthCause.Webhook, message, NoAnswer) with { PodsMayRun = true },
            _ when Says(words, "denied the request") || Says(words, "denied request") => HealthReport.Degraded(HealthCause.Webhook, message),
            _ when Says(words, "looking up service account") || Says(words, "no PriorityClass with name") || Says(words, "is invalid") =>
                HealthReport.Degraded(HealthCause.Configuration, message),
            _ => HealthReport.Degraded(HealthCause.Other, message) with { PodsMayRun = true },
        };
    }

    private static bool Says(string words, string part) => words.Contains(part, StringComparison.Ordinal);
}
