using Portal.Core.Environments;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Models;

/// <summary>One cell of the layer strip: a layer with the worst health of its components.</summary>
public sealed record LayerHealth(Layer Layer, string Title, HealthStatus Health, int Healthy, int Total)
{
    public Badge Badge => StateBadges.Of(Health);

    public static IReadOnlyList<LayerHealth> Strip(EnvironmentStatus status) =>
        [.. Parts.All
            .GroupBy(component => component.Layer())
            .Where(group => group.Key != Layer.Base)
            .OrderBy(group => group.Key)
            .Select(group => Of(group.Key, [.. group], status))];

    public static string TitleOf(Layer layer) => layer switch
    {
        Layer.Cdn => "CDN",
        Layer.LoadBalancer => "Load balancer",
        _ => layer.ToString(),
    };

    private static LayerHealth Of(Layer layer, IReadOnlyList<Component> components, EnvironmentStatus status)
    {
        var health = components.Select(component => ComponentHealth.Of(status, component).Health).ToList();
        return new(layer, TitleOf(layer), health.Worst(), health.Count(one => one == HealthStatus.Healthy), health.Count);
    }
}
