using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>The rules for the four services.</summary>
internal static class ServiceRules
{
    public static void Check(EnvironmentSpec spec, SpecCheck check)
    {
        CheckService("frontend", spec.Frontend, check);
        CheckService("gateway", spec.Gateway, check);
        CheckService("publish", spec.Publish, check);
        CheckService("consume", spec.Consume, check);
        CheckLag(spec, check);
    }

    /// <summary>Whether it is an image that can be deployed and returned to.</summary>
    public static bool IsImage(string image) =>
        image is { Length: <= 255 } && SpecPatterns.Image().IsMatch(image) && !image.EndsWith(":latest", StringComparison.Ordinal);

    /// <summary>Why it is none.</summary>
    public static string NoImage(string image) =>
        $"{UserText.Quote(image)} is no image to deploy. Name it with a tag or a digest, for example registry.example/team/app:1.4.2; \"latest\" is not allowed because it cannot be rolled back.";

    private static void CheckService(string field, ServiceSpec service, SpecCheck check)
    {
        check.That(IsImage(service.Image), $"{field}.image", NoImage(service.Image));
        check.Scale($"{field}.scale", service.Scale, 100);
        check.Size($"{field}.size", service.Size);
        CheckSignals(field, service, check);
        check.Each($"{field}.env", service.Env, 100, each => SpecPatterns.Variable().IsMatch(each) && UserText.IsStorable(each), "is no environment variable. Write NAME=value, one on each line, with a name of letters, digits and _.");
        check.Unique($"{field}.env", service.Env.Select(each => each.Split('=')[0]), "is set twice.");
        check.Each($"{field}.secrets", service.Secrets, 20, name => name.Length <= 63 && SpecPatterns.ObjectName().IsMatch(name), "is no name of a Secret. Use at most 63 lower-case letters, digits and hyphens.");
        check.Unique($"{field}.secrets", service.Secrets, "is named twice.");
        check.That(!service.Secrets.Contains("portal"), $"{field}.secrets", "A Secret named \"portal\" has no place: /run/secrets/portal holds the passwords that the portal makes. Give it another name.");
        CheckProbe($"{field}.livePath", service.LivePath, check);
        CheckProbe($"{field}.readyPath", service.ReadyPath, check);
        check.Range($"{field}.startSeconds", service.StartSeconds, 5, 1_800, "seconds");
        check.Range($"{field}.graceSeconds", service.GraceSeconds, 1, 600, "seconds");
    }

    private static void CheckSignals(string field, ServiceSpec service, SpecCheck check)
    {
        if (service.ScaleMemoryPercent is { } memory)
        {
            check.Range($"{field}.scaleMemoryPercent", memory, 10, 95, "percent");
            check.That(service.Vertical != VerticalMode.Memory, $"{field}.vertical", $"{field} scales out by memory, so its memory cannot be set vertically as well: the two would fight. Choose one of them.");
        }

        check.That((service.ScaleMetric is null) == (service.ScaleMetricTarget is null), $"{field}.scaleMetricTarget", $"{field} needs a metric and its target per pod, or neither.");
        check.That(service.ScaleMetric is null || (service.ScaleMetric.Length <= 200 && SpecPatterns.Metric().IsMatch(service.ScaleMetric)), $"{field}.scaleMetric",
            $"{UserText.Quote(service.ScaleMetric)} is no name of a metric. Write one like http_requests_per_second.");
        if (service.ScaleMetricTarget is { } target)
        {
            check.Range($"{field}.scaleMetricTarget", target, 1, 1_000_000_000, "per pod");
        }

        if (service.ScaleLag is { } lag)
        {
            check.Range($"{field}.scaleLag", lag, 1, 1_000_000_000, "messages per pod");
        }
    }

    // The members of one consumer group share what waits; the others' work is waited for by whoever sent it.
    private static void CheckLag(EnvironmentSpec spec, SpecCheck check)
    {
        foreach (var (field, service) in new[] { ("frontend", spec.Frontend), ("gateway", spec.Gateway), ("publish", spec.Publish) })
        {
            check.That(service.ScaleLag is null, $"{field}.scaleLag", $"{field} takes no messages from a topic, so none wait for it. Leave it empty; only consume scales by them.");
        }

        if (spec.Consume.ScaleLag is null)
        {
            return;
        }

        check.That(spec.PubSub.Provider == PubSubProvider.Kafka, "consume.scaleLag",
            "consume.scaleLag counts what waits in Kafka, and pubSub.provider is google. Leave it empty, or scale by a metric of the pods (consume.scaleMetric).");
        check.That(SpecPatterns.LabelValue().IsMatch(spec.Consume.KafkaGroup()), "consume.env",
            $"{UserText.Quote(spec.Consume.KafkaGroup())} is no consumer group that an autoscaler can ask for. Set KAFKA_GROUP to at most 63 letters, digits and . _ - that begin and end with a letter or digit, or leave it out for \"consume\".");
    }

    private static void CheckProbe(string field, string? path, SpecCheck check) =>
        check.That(path is null || (path.Length <= 200 && SpecPatterns.Path().IsMatch(path)), field, $"{UserText.Quote(path)} is no path. Write one that begins with /, for example /healthz, or leave it empty.");
}
