using System.Globalization;

namespace Portal.Provisioning.Sandbox;

/// <summary>Removes events an hour after they were last seen, as the real server does, and the oldest ones when there are too many to keep in memory.</summary>
internal sealed class EventJanitor(ControlContext cluster) : Controller(cluster)
{
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(5);

    private const int Limit = 20_000;

    private readonly Queue<(ObjectKey Key, Guid Id)> _byAge = new();
    private bool _running;

    public override IReadOnlyList<ResourceKind> Watches { get; } = [Kinds.Event];

    public override void Observe(Change change)
    {
        if (change.Before is null)
        {
            _byAge.Enqueue((change.Key, change.Now.Id));
            if (_byAge.Count > Limit)
            {
                var (key, id) = _byAge.Dequeue();
                if (Cluster.Store.Get(key) is { } oldest && oldest.Id == id)
                {
                    Cluster.Deleter.DeleteIfThere(oldest, DeleteChoice.Background);
                }
            }
        }

        if (!_running)
        {
            _running = true;
            LookAfter(new ObjectKey(Kinds.Event, "", ""), s_every);
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        var oldest = Cluster.Time.GetUtcNow() - s_keep;
        foreach (var item in Cluster.Store.List(Kinds.Event, null).Items)
        {
            // Events of clients may lack the time; then their creation counts.
            var last = item.View.Text("lastTimestamp") ?? item.View.Text("metadata", "creationTimestamp");
            if (last is not null && DateTimeOffset.Parse(last, CultureInfo.InvariantCulture) < oldest)
            {
                Cluster.Deleter.DeleteIfThere(item, DeleteChoice.Background);
            }
        }

        LookAfter(key, s_every);
    }
}
