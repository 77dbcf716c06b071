using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Sandbox;

namespace Portal.Web.Hosting;

/// <summary>Starts the embedded cluster until provisioning does so itself; then this file goes.</summary>
internal sealed class TemporarySandbox(ClusterSettings settings, ClusterRegistry registry, TimeProvider time, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private SandboxCluster? _sandbox;

    public static void Register(IServiceCollection services)
    {
        foreach (var configured in services.Where(service => service.ImplementationType?.Name == "ConfiguredCluster").ToList())
        {
            services.Remove(configured);
        }

        services.AddHostedService<TemporarySandbox>();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _sandbox = await SandboxCluster.StartAsync(
            new SandboxOptions { KubeconfigPath = Path.Combine(settings.DataDirectory, "sandbox.kubeconfig") }, time, loggers, cancellationToken);
        var connection = ClusterConnection.FromKubeconfig(_sandbox.KubeconfigPath, null);
        registry.Add(settings.Name, new KubeClient(connection, time, loggers.CreateLogger<KubeClient>()));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;
}
