namespace Portal.Core.Environments.Specs;

/// <summary>How often each component was restarted by hand.</summary>
public sealed record RestartCounts
{
    /// <summary>The components in which something runs that can be started again.</summary>
    public static IReadOnlyList<Component> Restartable { get; } =
    [
        Component.Edge, Component.LoadBalancer, Component.Ingress, Component.Frontend, Component.Gateway, Component.Publish, Component.Consume,
        Component.MySql, Component.Redis, Component.PubSub, Component.Metrics, Component.Logs, Component.Alerting,
    ];

    public int Edge { get; init; }

    public int LoadBalancer { get; init; }

    public int Ingress { get; init; }

    public int Frontend { get; init; }

    public int Gateway { get; init; }

    public int Publish { get; init; }

    public int Consume { get; init; }

    public int MySql { get; init; }

    public int Redis { get; init; }

    public int PubSub { get; init; }

    public int Metrics { get; init; }

    public int Logs { get; init; }

    public int Alerting { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A component in which nothing runs.</exception>
    public int Of(Component component) => component switch
    {
        Component.Edge => Edge,
        Component.LoadBalancer => LoadBalancer,
        Component.Ingress => Ingress,
        Component.Frontend => Frontend,
        Component.Gateway => Gateway,
        Component.Publish => Publish,
        Component.Consume => Consume,
        Component.MySql => MySql,
        Component.Redis => Redis,
        Component.PubSub => PubSub,
        Component.Metrics => Metrics,
        Component.Logs => Logs,
        Component.Alerting => Alerting,
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Nothing of it is restarted."),
    };

    /// <exception cref="ArgumentOutOfRangeException">A component in which nothing runs.</exception>
    public RestartCounts Again(Component component) => component switch
    {
        Component.Edge => this with { Edge = Edge + 1 },
        Component.LoadBalancer => this with { LoadBalancer = LoadBalancer + 1 },
        Component.Ingress => this with { Ingress = Ingress + 1 },
        Component.Frontend => this with { Frontend = Frontend + 1 },
        Component.Gateway => this with { Gateway = Gateway + 1 },
        Component.Publish => this with { Publish = Publish + 1 },
        Component.Consume => this with { Consume = Consume + 1 },
        Component.MySql => this with { MySql = MySql + 1 },
        Component.Redis => this with { Redis = Redis + 1 },
        Component.PubSub => this with { PubSub = PubSub + 1 },
        Component.Metrics => this with { Metrics = Metrics + 1 },
        Component.Logs => this with { Logs = Logs + 1 },
        Component.Alerting => this with { Alerting = Alerting + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Nothing of it is restarted."),
    };

    /// <summary>The field's name in JSON.</summary>
    internal static string NameOf(Component component) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(component.ToString());
}
