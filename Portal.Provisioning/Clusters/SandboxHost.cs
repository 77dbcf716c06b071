using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Clusters;

/// <summary>Starts the sandbox cluster and registers it like any other: the portal speaks to it over the wire, by its kubeconfig.</summary>
public sealed class SandboxHost(ClusterSettings settings, SandboxOptions options, ClusterRegistry registry, TimeProvider time, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private SandboxCluster? _cluster;

    /// <exception cref="InvalidOperationException">It is not started yet.</exception>
    public SandboxCluster Cluster => _cluster ?? throw new InvalidOperationException("The sandbox cluster is not started yet.");

    /// <exception cref="SandboxInUseException">Another portal runs with this data directory.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kubeconfig = Path.Combine(settings.DataDirectory, "sandbox.kubeconfig");
        var wanted = options with { KubeconfigPath = kubeconfig, DataDirectory = options.DataDirectory ?? Path.Combine(settings.DataDirectory, "sandbox") };
        _cluster = await SandboxCluster.StartAsync(wanted, time, loggers, cancellationToken);
        registry.Add(ClusterSettings.SandboxName, new KubeClient(ClusterConnection.FromKubeconfig(kubeconfig, null), time, loggers.CreateLogger<KubeClient>()));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // Registered as itself and as a hosted service, so the container disposes it twice.
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }
}
