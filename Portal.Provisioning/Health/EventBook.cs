using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Health;

/// <summary>The events of a namespace by what they are about.</summary>
internal sealed class EventBook
{
    private readonly ILookup<string, ClusterEvent> _byUid;

    private EventBook(ILookup<string, ClusterEvent> byUid) => _byUid = byUid;

    public static EventBook Empty { get; } = Of([]);

    public static EventBook Of(IEnumerable<KubeObject> events) => new(events
        .Where(said => said.Text("involvedObject", "uid") is not null)
        .ToLookup(said => said.Text("involvedObject", "uid")!, ClusterEvent.Read, StringComparer.Ordinal));

    /// <summary>
    /// Newest first. By UID, because a name lives on: the events of a pod that is gone say nothing of the one that replaced it.
    /// Cluster times are whole seconds; of what was said within one, warnings come first.
    /// </summary>
    public IReadOnlyList<ClusterEvent> About(KubeObject live) =>
        live.Uid is { } uid ? [.. _byUid[uid].OrderByDescending(said => said.Time).ThenByDescending(said => said.IsWarning)] : [];
}
