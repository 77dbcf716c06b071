using Portal.Provisioning.Watching;

namespace Portal.Provisioning.Live;

/// <summary>What an environment's cluster shows of it right now. Only handed out to actors who may see the environment.</summary>
public sealed class LiveEnvironment(string namespaceName, ClusterWatch watch)
{
    /// <summary>The scope of this environment in the feeds.</summary>
    public string Namespace { get; } = namespaceName;

    /// <summary>Whether what is shown is live, and the reason when it is not.</summary>
    public LinkState Link => watch.Link;

    public IReadOnlyList<PodRow> Pods()
    {
        using var subscription = SubscribePods();
        return [.. subscription.Snapshot.OrderBy(pod => pod.Component, StringComparer.Ordinal).ThenBy(pod => pod.Name, StringComparer.Ordinal)];
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<EventRow> Events()
    {
        using var subscription = SubscribeEvents();
        return [.. subscription.Snapshot.OrderByDescending(row => row.Time)];
    }

    public Core.Feeds.FeedSubscription<Kubernetes.ObjectRef, PodRow> SubscribePods() => watch.Pods.Subscribe(Namespace);

    public Core.Feeds.FeedSubscription<Kubernetes.ObjectRef, EventRow> SubscribeEvents() => watch.Events.Subscribe(Namespace);

    /// <summary>Calls back whenever <see cref="Link"/> changed, until disposed. The callback must only note it.</summary>
    public IDisposable OnLinkChanged(Action changed)
    {
        void Changed(LinkState link) => changed();
        watch.LinkChanged += Changed;
        return new LinkSubscription(() => watch.LinkChanged -= Changed);
    }

    private sealed class LinkSubscription(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
