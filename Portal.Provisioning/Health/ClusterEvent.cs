using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>What the cluster said about an object, and when it said so last.</summary>
internal sealed record ClusterEvent(string Reason, string Words, bool IsWarning, DateTimeOffset Time, long Count)
{
    // Said once or twice belongs to every start; what is said again and again does not go away.
    private const int Often = 3;

    public bool IsFrequent => Count >= Often;

    public bool Says(string part) => Words.Contains(part, StringComparison.Ordinal);

    public static ClusterEvent Read(KubeObject live) => new(
        live.Text("reason") ?? "",
        live.Words(),
        live.Text("type") == "Warning",
        live.Time("series", "lastObservedTime") ?? live.Time("lastTimestamp") ?? live.Time("eventTime")
            ?? live.Time("firstTimestamp") ?? live.Time("metadata", "creationTimestamp") ?? default,
        live.Number("series", "count") ?? live.Number("count") ?? 1);
}
