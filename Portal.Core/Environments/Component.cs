namespace Portal.Core.Environments;

/// <summary>A part of the stack. Each one is a node of the stack graph.</summary>
public enum Component
{
    /// <summary>What everything stands on: namespace, quota, accounts, network policies, generated credentials.</summary>
    Base,
    Edge,
    LoadBalancer,
    Ingress,
    Frontend,
    Gateway,
    Publish,
    Consume,
    MySql,
    Redis,
    PubSub,
    Metrics,
    Logs,
    Alerting,
    Housekeeping,
}

/// <summary>One of the six groups of components, in the order in which a user's request meets them.</summary>
public enum Layer
{
    Base,
    Cdn,
    LoadBalancer,
    Services,
    Data,
    Monitoring,
    Housekeeping,
}

/// <summary>The words of components and layers: in labels and the API (slug), and for people (title).</summary>
public static class Components
{
    public static IReadOnlyList<Component> All { get; } = Enum.GetValues<Component>();

    /// <summary>The DNS-label spelling: label value <c>app.kubernetes.io/component</c>, API, URLs.</summary>
    public static string Slug(this Component component) => component switch
    {
        Component.LoadBalancer => "load-balancer",
        _ => component.ToString().ToLowerInvariant(),
    };

    public static Component? FromSlug(string? slug) =>
        All.Select(component => (Component?)component).FirstOrDefault(component => component!.Value.Slug() == slug);

    public static string Title(this Component component) => component switch
    {
        Component.Edge => "CDN edge",
        Component.LoadBalancer => "Load balancer",
        Component.MySql => "MySQL",
        Component.PubSub => "Pub/Sub",
        _ => component.ToString(),
    };

    public static Layer Layer(this Component component) => component switch
    {
        Component.Base => Environments.Layer.Base,
        Component.Edge => Environments.Layer.Cdn,
        Component.LoadBalancer or Component.Ingress => Environments.Layer.LoadBalancer,
        Component.Frontend or Component.Gateway or Component.Publish or Component.Consume => Environments.Layer.Services,
        Component.MySql or Component.Redis or Component.PubSub => Environments.Layer.Data,
        Component.Metrics or Component.Logs or Component.Alerting => Environments.Layer.Monitoring,
        Component.Housekeeping => Environments.Layer.Housekeeping,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Unknown component."),
    };
}
