using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint.Base;
using Portal.Provisioning.Blueprint.Databases;
using Portal.Provisioning.Blueprint.Databases.MySql;
using Portal.Provisioning.Blueprint.Databases.Redis;
using Portal.Provisioning.Blueprint.Edge;
using Portal.Provisioning.Blueprint.Finishing;
using Portal.Provisioning.Blueprint.Housekeeping;
using Portal.Provisioning.Blueprint.Ingress;
using Portal.Provisioning.Blueprint.LoadBalancer;
using Portal.Provisioning.Blueprint.Monitoring;
using Portal.Provisioning.Blueprint.Monitoring.Alerting;
using Portal.Provisioning.Blueprint.Monitoring.Logs;
using Portal.Provisioning.Blueprint.Monitoring.Metrics;
using Portal.Provisioning.Blueprint.Services;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Blueprint;

/// <summary>Turns a spec into the objects of its stack.</summary>
/// <remarks>Pure and safe from any thread: no clock, no randomness, no I/O; the same input gives the same bytes.</remarks>
public static class StackBlueprint
{
    /// <summary>The graph of a spec as it is asked for; what a cluster cannot give is known to <see cref="Render"/> alone.</summary>
    public static StackGraph Graph(EnvironmentSpec spec) => Graph(spec, IngressChoice.AsAsked(spec.Ingress), spec.Metrics.Provider, PlatformSettings.Default);

    /// <summary>Every image that a stack may name by itself, as it is pulled: the parts of the stack, and what presets name until a team does.</summary>
    public static IReadOnlyList<string> OwnImages(PlatformSettings platform) =>
    [
        .. Images.All.Select(image => platform.Registry is { } registry ? PlatformImages.Mirrored(registry, image) : image),
        SampleImages.Frontend, SampleImages.Service,
    ];

    public static RenderedStack Render(EnvironmentSpec spec, StackIdentity identity, ClusterCapabilities capabilities, PlatformSettings? platform = null)
    {
        platform ??= PlatformSettings.Default;
        var ingress = IngressChoice.Of(spec.Ingress, capabilities, platform);
        var graph = Graph(spec, ingress, MetricsLayer.ProviderFor(spec, capabilities), platform);
        var stack = new StackContext(spec, identity, capabilities, platform, graph);
        foreach (var node in graph.Nodes)
        {
            Render(node.Component, stack, ingress);
        }

        PlatformSecrets.Add(stack);
        NetworkPolicies.Add(stack);
        ServiceAccounts.Add(stack);
        Priorities.Assign(stack);
        DatadogChecks.Annotate(stack);
        PlatformImages.Apply(stack);
        ConfigHashes.Stamp(stack.Manifests);
        Quota.Add(stack);
        Restarts.Stamp(spec.DayTwo.Restarts, stack.Manifests);
        return new RenderedStack(graph, ApplyOrder.Sort(graph, AtRest.Apply(spec.DayTwo, stack.Manifests)), stack.Notes);
    }

    private static StackGraph Graph(EnvironmentSpec spec, IngressChoice ingress, MetricsProvider metrics, PlatformSettings platform) =>
        new([.. Wiring.Nodes(spec, ingress)], [.. Wiring.Flows(spec, ingress, platform), .. MonitoringFlows.Of(spec, ingress.Mode, metrics, platform)]);

    private static void Render(Component component, StackContext stack, IngressChoice ingress)
    {
        switch (component)
        {
            case Component.Base: BaseLayer.Render(stack); break;
            case Component.Edge: EdgeLayer.Render(stack); break;
            case Component.LoadBalancer: LoadBalancerLayer.Render(stack, ingress); break;
            case Component.Ingress: IngressLayer.Render(stack, ingress); break;
            case Component.Frontend: FrontendLayer.Render(stack); break;
            case Component.Gateway: BackendLayer.Render(stack, component, stack.Spec.Gateway); break;
            case Component.Publish: BackendLayer.Render(stack, component, stack.Spec.Publish); break;
            case Component.Consume: BackendLayer.Render(stack, component, stack.Spec.Consume); break;
            case Component.MySql: MySqlLayer.Render(stack); break;
            case Component.Redis: RedisLayer.Render(stack); break;
            case Component.PubSub: PubSubLayer.Render(stack); break;
            case Component.Metrics: MetricsLayer.Render(stack); break;
            case Component.Logs: LogsLayer.Render(stack); break;
            case Component.Alerting: AlertingLayer.Render(stack); break;
            case Component.Housekeeping: HousekeepingLayer.Render(stack); break;
            default: throw new ArgumentOutOfRangeException(nameof(component), component, "Unknown component.");
        }
    }
}
