using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Live;
using Portal.Provisioning.Sandbox;
using Portal.Provisioning.Watching;
using Portal.Testing;

namespace Portal.Provisioning.Tests.Live;

public sealed class LiveEnvironmentTests
{
    [Fact]
    public async Task OnLinkChanged_ClusterGoesOutOfSight_CallsBackUntilDisposed()
    {
        var folder = Directory.CreateTempSubdirectory("portal-live-");
        var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        var cluster = await SandboxCluster.StartAsync(
            SandboxOptions.Instant with { KubeconfigPath = kubeconfig }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        using var client = new KubeClient(ClusterConnection.FromKubeconfig(kubeconfig, null), TimeProvider.System, NullLogger<KubeClient>.Instance);
        var watch = new ClusterWatch(client, new ClusterWatchOptions(), TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        var environment = new LiveEnvironment("payments-shop", watch);
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var callsAfterLeaving = 0;
        environment.OnLinkChanged(() => Interlocked.Increment(ref callsAfterLeaving)).Dispose();
        using var listening = environment.OnLinkChanged(() => Interlocked.Increment(ref calls));
        var run = watch.RunAsync(stop.Token);
        await Eventually.Holds(() => environment.Link.IsConnected, "the cluster is in sight");

        await cluster.DisposeAsync();

        await Eventually.Holds(() => environment.Link is { IsConnected: false, Error: not null }, "the cluster is out of sight, with a reason");
        await Eventually.Holds(() => Volatile.Read(ref calls) == 2, "two changes were told: in sight, out of sight");
        Assert.Equal(0, callsAfterLeaving);
        await stop.CancelAsync();
        await run;
        folder.Delete(recursive: true);
    }
}
