using System.Globalization;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Watching;

/// <summary>Makes rows of live objects. Pure, and holds nothing of the object's JSON afterwards.</summary>
internal static class Projection
{
    public static PodRow Pod(KubeObject live)
    {
        var containers = live.Items("spec", "containers").Select(c => new KubeObject(c)).ToList();
        var statuses = live.Items("status", "containerStatuses").Select(c => new KubeObject(c)).ToList();
        var started = live.Items("status", "initContainerStatuses").Select(c => new KubeObject(c)).Concat(statuses).ToList();
        var report = ObjectHealth.Assess(live);
        return new PodRow(
            Key(live),
            SharedText.Of(Labels.SlugOf(live)),
            statuses.Count(s => s.Flag("ready") == true),
            containers.Count,
            report.Status,
            SharedText.Of(Phase(live, started)),
            SharedText.Of(report.Message),
            (int)started.Sum(s => s.Number("restartCount") ?? 0),
            Time(live.Text("metadata", "creationTimestamp")) ?? default,
            live.Text("spec", "nodeName") is { } node ? SharedText.Of(node) : null,
            [.. containers.Select(c => SharedText.Of(c.Text("name") ?? ""))],
            SharedText.Of(Tag(containers.FirstOrDefault()?.Text("image") ?? "")),
            Version(live));
    }

    public static WorkloadRow Workload(KubeObject live)
    {
        var report = ObjectHealth.Assess(live);
        return new WorkloadRow(
            Key(live), SharedText.Of(Labels.SlugOf(live)), report.Status, SharedText.Of(report.Message), live.Uid ?? "", live.Generation is > 0 and var generation ? generation : WishHash.Of(live),
            Time(live.Text("metadata", "creationTimestamp")) ?? default, Version(live));
    }

    public static EventRow Event(KubeObject live)
    {
        var last = Time(live.Text("series", "lastObservedTime")) ?? Time(live.Text("lastTimestamp")) ?? Time(live.Text("eventTime"))
            ?? Time(live.Text("firstTimestamp")) ?? Time(live.Text("metadata", "creationTimestamp")) ?? default;
        return new EventRow(
            Key(live), last, SharedText.Of(live.Text("type") ?? "Normal"), SharedText.Of(live.Text("reason") ?? ""),
            $"{live.Text("involvedObject", "kind")}/{live.Text("involvedObject", "name")}", (live.Text("message") ?? "").Trim(),
            (int)(live.Number("series", "count") ?? live.Number("count") ?? 1), Version(live));
    }

    // Rows are many and live long, and most of their texts are those of others.
    private static ObjectRef Key(KubeObject live) =>
        new(SharedText.Of(live.ApiVersion), SharedText.Of(live.Kind), live.Namespace is { } ns ? SharedText.Of(ns) : null, live.Name);

    // The same word that kubectl would print, because people search for it.
    private static string Phase(KubeObject live, List<KubeObject> containers)
    {
        if (live.IsTerminating)
        {
            return "Terminating";
        }

        var stopped = containers.Select(c => c.Text("state", "waiting", "reason"))
            .FirstOrDefault(r => r is { Length: > 0 } and not "PodInitializing" and not "ContainerCreating");
        return stopped ?? live.Text("status", "reason")
            ?? containers.Select(c => c.Text("state", "waiting", "reason")).FirstOrDefault(r => r is { Length: > 0 })
            ?? live.Text("status", "phase") ?? "Pending";
    }

    // "registry:5000/shop/web:1.2@sha256:…" runs 1.2; without a tag the digest says what runs.
    private static string Tag(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var named = digest < 0 ? image : image[..digest];
        var tag = named.LastIndexOf(':');
        return tag > named.LastIndexOf('/') ? named[(tag + 1)..] : digest < 0 ? "" : image[(digest + 1)..];
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // Opaque by the letter, yet every server counts, and Kubernetes now promises that versions can be compared.
    private static long Version(KubeObject live) => long.TryParse(live.ResourceVersion, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
