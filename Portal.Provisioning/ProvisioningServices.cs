using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Live;
using Portal.Provisioning.Planning;
using Portal.Provisioning.Reconciling;
using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning;

/// <summary>Registers everything that turns a spec into a running stack.</summary>
public static class ProvisioningServices
{
    /// <param name="platform">What holds for the stacks of all environments; null leaves the defaults.</param>
    public static IServiceCollection AddPortalProvisioning(this IServiceCollection services, ClusterSettings settings, PlatformSettings? platform = null)
    {
        services.AddSingleton(settings);
        services.AddSingleton(platform ?? PlatformSettings.Default);
        services.AddSingleton(new PlatformOffers(platform?.ObjectStore is not null));
        services.AddSingleton(new ClusterCatalog(settings.Names));
        services.AddSingleton<ClusterRegistry>();
        if (settings.Sandbox)
        {
            services.TryAddSingleton(new SandboxOptions());
            services.AddSingleton<SandboxHost>();
            services.AddHostedService(provider => provider.GetRequiredService<SandboxHost>());
        }
        else
        {
            services.AddHostedService<ConfiguredClusters>();
        }

        services.AddSingleton<IPlanner, Planner>();
        services.AddSingleton<CredentialFactory>();
        services.AddSingleton<StackApplier>();
        services.AddSingleton<NamespaceIndex>();
        services.AddSingleton<StackReconciler>();
        services.AddSingleton<ClusterWatches>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterWatches>());
        services.AddSingleton<LiveQueries>();
        services.AddSingleton<StackNotes>();
        return services;
    }
}
