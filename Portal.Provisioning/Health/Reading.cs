using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The few ways in which the health rules read an object.</summary>
internal static class Reading
{
    public static string Group(this KubeObject live) => live.Ref.Group;

    /// <summary>A condition of the status by its type.</summary>
    public static KubeObject? Condition(this KubeObject live, string type) =>
        live.Items("status", "conditions").Select(c => new KubeObject(c)).FirstOrDefault(c => c.Text("type") == type);

    /// <summary>What the status says of a pod's containers, those that prepare it first.</summary>
    public static IEnumerable<KubeObject> Containers(this KubeObject pod) =>
        pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses")).Select(c => new KubeObject(c));

    /// <summary>A moment that the object carries; null when it does not or says something else.</summary>
    public static DateTimeOffset? Time(this KubeObject live, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(live.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static bool Is(this KubeObject? condition, string status) => condition?.Text("status") == status;

    public static IEnumerable<string> Texts(this KubeObject live, params ReadOnlySpan<string> path) =>
        live.At(path) is JsonArray list ? list.OfType<JsonValue>().Select(v => v.ToString()) : [];

    public static long Count(this KubeObject live, string field) => live.Number("status", field) ?? 0;

    /// <summary>The replicas that are asked for; the server's default is one.</summary>
    public static long Wanted(this KubeObject live) => live.Number("spec", "replicas") ?? 1;

    /// <summary>The cluster's words as part of our sentence: one line, without its end, not endless.</summary>
    public static string Words(this KubeObject? part, string field = "message") => Words(part?.Text(field));

    public static string Words(string? said)
    {
        var text = (said ?? "").ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length > 400 ? text[..400] + "…" : text;
    }

    /// <summary>"3 pods", "1 pod".</summary>
    public static string Pods(long count) => count == 1 ? "1 pod" : $"{count} pods";

    public static string Ready(long ready, long wanted) => $"{ready} of {Pods(wanted)} {(wanted == 1 ? "is" : "are")} ready";
}
