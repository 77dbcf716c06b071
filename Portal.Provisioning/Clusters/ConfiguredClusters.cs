using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Clusters;

/// <summary>Registers the clusters that the configuration names, before anything reconciles.</summary>
/// <remarks>Nothing is asked of a cluster here: one that is out of reach is registered all the same and holds up no other.</remarks>
internal sealed class ConfiguredClusters(ClusterSettings settings, ClusterRegistry registry, TimeProvider time, ILogger<KubeClient> log) : IHostedService
{
    /// <exception cref="ClusterConfigurationException">A kubeconfig cannot be read: it tells all that cannot.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var problems = new List<ClusterProblem>();
        foreach (var source in settings.Sources)
        {
            try
            {
                // People know the cluster by the portal's name for it, not by the name of a context in some file.
                var connection = Connect(source) with { Name = source.Name };
                registry.Add(source.Name, new KubeClient(connection, time, log));
            }
            catch (KubeconfigException unusable)
            {
                problems.Add(new(source, unusable.Message));
            }
        }

        return problems.Count == 0 ? Task.CompletedTask : throw new ClusterConfigurationException(problems);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static ClusterConnection Connect(ClusterSource source) =>
        source.Kubeconfig is { } path ? ClusterConnection.FromKubeconfig(path, source.Context) : ClusterConnection.InCluster();
}
