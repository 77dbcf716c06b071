using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>What one metric of a HorizontalPodAutoscaler says: the value now and the replicas it asks for, or why it says nothing. Pure.</summary>
/// <param name="Current">The entry for <c>status.currentMetrics</c>; null when there is no value.</param>
/// <param name="Replicas">The replicas that this metric asks for; null when there is no value.</param>
internal sealed record ScaleAdvice(JsonObject? Current, int? Replicas, string Reason, string Message)
{
    private const double Tolerance = 0.1;

    public static ScaleAdvice Of(JsonObject metric, IReadOnlyList<(string Pod, IReadOnlyList<ContainerUsage> Usage)> ready, long replicas)
    {
        var type = metric.Text("type") ?? "";
        var field = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
        var source = metric.Map(field);
        var resource = source?.Text("name") ?? "";
        if (type is not ("Resource" or "ContainerResource") || resource is not ("cpu" or "memory"))
        {
            return Nothing($"FailedGet{type}Metric", $"the HPA was unable to compute the replica count: the sandbox has no metrics of type {type} for \"{resource}\", only cpu and memory of pods");
        }

        var only = type == "ContainerResource" ? source!.Text("container") : null;
        var all = ready.SelectMany(pod => pod.Usage.Where(container => only is null || container.Name == only)).ToList();
        if (all.Count == 0)
        {
            return Nothing($"FailedGet{type}Metric", $"the HPA was unable to compute the replica count: failed to get {resource} usage: did not receive metrics for targeted pods (pods might be unready)");
        }

        var used = all.Sum(container => resource == "cpu" ? container.MilliCpu : container.MemoryBytes * 1000);
        var asked = all.Sum(container => resource == "cpu" ? container.RequestedMilliCpu : container.RequestedMemoryBytes * 1000);
        var average = used / ready.Count;
        var current = new JsonObject { ["averageValue"] = Quantity.Format(average, binary: resource == "memory") };
        double ratio;
        if (source!.Map("target")?.Number("averageUtilization") is { } percent)
        {
            if (asked == 0)
            {
                return Nothing($"FailedGet{type}Metric", $"the HPA was unable to compute the replica count: failed to get {resource} utilization: missing request for {resource}");
            }

            var utilization = 100 * used / asked;
            current["averageUtilization"] = utilization;
            ratio = (double)utilization / percent;
        }
        else
        {
            ratio = (double)average / Math.Max(1, Quantity.Milli(source!.Map("target")?.Text("averageValue")) ?? 1);
        }

        var status = new JsonObject { ["name"] = resource, ["current"] = current };
        if (only is not null)
        {
            status["container"] = only;
        }

        var wanted = Math.Abs(ratio - 1) <= Tolerance ? replicas : (long)Math.Ceiling(ratio * ready.Count);
        var words = $"{resource} {(only is null ? "" : "container ")}resource{(current["averageUtilization"] is null ? "" : " utilization (percentage of request)")}";
        return new ScaleAdvice(
            new JsonObject { ["type"] = type, [field] = status }, (int)wanted,
            "ValidMetricFound", string.Create(CultureInfo.InvariantCulture, $"the HPA was able to successfully calculate a replica count from {words}"));
    }

    private static ScaleAdvice Nothing(string reason, string message) => new(null, null, reason, message);
}
