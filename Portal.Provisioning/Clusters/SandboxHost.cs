using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Clusters;

/// <summary>Starts the sandbox cluster and registers it like any other, by the kubeconfig that people use too. The portal's own calls take the short way in this process (decision 0022).</summary>
public sealed class SandboxHost(ClusterSettings settings, SandboxOptions options, ClusterRegistry registry, TimeProvider time, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>It is nobody else's cluster, so there is nobody to be considerate of.</summary>
    private static readonly KubeClientOptions s_unhurried = new() { CallsPerSecond = 10_000, Burst = 10_000 };

    private SandboxCluster? _cluster;

    /// <exception cref="InvalidOperationException">It is not started yet.</exception>
    public SandboxCluster Cluster => _cluster ?? throw new InvalidOperationException("The sandbox cluster is not started yet.");

    /// <exception cref="SandboxInUseException">Another portal runs with this data directory.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var kubeconfig = Path.Combine(settings.DataDirectory, "sandbox.kubeconfig");
        var wanted = options with { KubeconfigPath = kubeconfig, DataDirectory = options.DataDirectory ?? Path.Combine(settings.DataDirectory, "sandbox") };
        _cluster = await SandboxCluster.StartAsync(wanted, time, loggers, cancellationToken);
        var connection = ClusterConnection.FromKubeconfig(kubeconfig, null) with { Options = s_unhurried, Handler = _cluster.CreateHandler };
        registry.Add(ClusterSettings.SandboxName, new KubeClient(connection, time, loggers.CreateLogger<KubeClient>()));
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
