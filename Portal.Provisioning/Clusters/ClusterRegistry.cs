using System.Collections.Concurrent;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Clusters;

/// <summary>The clusters that this portal serves, by the name that environments carry.</summary>
/// <remarks>Filled at start, before the first reconcile; thread-safe. Owns its clients.</remarks>
public sealed class ClusterRegistry(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Cluster> _clusters = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Cluster> All => _clusters.Values.OrderBy(cluster => cluster.Name, StringComparer.Ordinal).ToList();

    public void Add(string name, KubeClient client)
    {
        if (!_clusters.TryAdd(name, new Cluster(name, client, time)))
        {
            throw new InvalidOperationException($"Cluster {name} is registered already.");
        }
    }

    /// <exception cref="KubeException">No such cluster is configured: the environment waits until it is again.</exception>
    public Cluster Get(string name) =>
        _clusters.TryGetValue(name, out var cluster)
            ? cluster
            : throw new KubeException(KubeFault.Unavailable, $"Cluster {name} is not configured in this portal. Configure it again, or delete the environment's record.");

    public void Dispose()
    {
        foreach (var cluster in _clusters.Values)
        {
            cluster.Client.Dispose();
        }
    }
}
