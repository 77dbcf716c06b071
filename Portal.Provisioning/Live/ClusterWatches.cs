using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Rollouts;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Watching;

namespace Portal.Provisioning.Live;

/// <summary>Watches every cluster for as long as the portal runs: feeds pages, and wakes the reconciler when something of an environment changed.</summary>
public sealed class ClusterWatches(
    ClusterRegistry clusters, NamespaceIndex namespaces, IReconcileTrigger trigger, TimeProvider time, ILogger<ClusterWatch> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, ClusterWatch> _watches = new(StringComparer.Ordinal);

    /// <summary>The watch of a cluster; null when no such cluster is configured.</summary>
    public ClusterWatch? Find(string cluster) => _watches.GetValueOrDefault(cluster);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var cluster in clusters.All)
        {
            var watch = new ClusterWatch(cluster.Client, new ClusterWatchOptions(), time, log);
            watch.OnNamespaceChanged(changed => Wake(cluster.Name, changed));
            _watches[cluster.Name] = watch;
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_watches.Values.Select(watch => watch.RunAsync(stoppingToken)));

    private void Wake(string cluster, string changed)
    {
        if (namespaces.Find(cluster, changed) is { } id)
        {
            trigger.WakeSoon(id);
        }
    }
}
