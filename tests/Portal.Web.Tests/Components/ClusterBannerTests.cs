using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Live;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Watching;
using Portal.Web.Components.Layout;

namespace Portal.Web.Tests.Components;

public sealed class ClusterBannerTests : PageContext
{
    protected override string[] Clusters => ["jakarta", "surabaya"];

    [Fact]
    public async Task Banner_OneOfTwoClustersLost_NamesItAlone()
    {
        using var registry = new ClusterRegistry(TimeProvider.System);
        registry.Add("jakarta", new KubeClient(
            new ClusterConnection { Name = "jakarta", Server = new Uri("http://127.0.0.1:1") }, TimeProvider.System, NullLogger<KubeClient>.Instance));
        using var watches = new ClusterWatches(registry, new NamespaceIndex(), Core.Trigger, TimeProvider.System, NullLogger<ClusterWatch>.Instance);
        Services.AddSingleton(watches);

        await watches.StartAsync(CancellationToken.None);
        var banner = Render<ClusterBanner>();

        banner.WaitForState(() => banner.Markup.Contains("Out of sight: jakarta.", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("surabaya", banner.Markup);
        await watches.StopAsync(CancellationToken.None);
    }
}
