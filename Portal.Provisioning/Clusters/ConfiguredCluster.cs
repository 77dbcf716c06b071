using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Clusters;

/// <summary>Registers the cluster that the configuration names, before anything reconciles. An unreachable one is registered all the same.</summary>
internal sealed class ConfiguredCluster(ClusterSettings settings, ClusterRegistry registry, TimeProvider time, ILogger<KubeClient> log) : IHostedService
{
    /// <exception cref="KubeconfigException">The kubeconfig cannot be read: nothing can be served.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var connection = settings.Kubeconfig is { } path ? ClusterConnection.FromKubeconfig(path, settings.Context) : ClusterConnection.InCluster();
        registry.Add(settings.Name, new KubeClient(connection, time, log));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
