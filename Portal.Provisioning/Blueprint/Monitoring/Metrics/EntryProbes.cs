using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Provisioning.Blueprint.Edge;
using Portal.Provisioning.Blueprint.Objects;

namespace Portal.Provisioning.Blueprint.Monitoring.Metrics;

/// <summary>What the prober is told to ask: every location's edge by its Service, and the load balancer behind them.</summary>
internal static class EntryProbes
{
    public static string Prober(StackContext stack) => $"{stack.Dns(Names.Blackbox)}:{Ports.Blackbox}";

    /// <summary>As targets of a Prometheus of the environment's own.</summary>
    public static string Targets(StackContext stack) => string.Join('\n', Of(stack).Select(each => Target(stack, each)));

    /// <summary>As objects for the cluster's Prometheus, which goes on while the environment is paused: then there is nothing to ask.</summary>
    public static void AddObjects(StackContext stack)
    {
        foreach (var each in stack.Spec.DayTwo.Paused ? [] : Of(stack))
        {
            stack.Add(Component.Metrics, "monitoring.coreos.com/v1", "Probe", each.Name, stack.LabelsOf(Component.Metrics), ("spec", Json.Map(
                ("jobName", "entry"),
                ("interval", "30s"),
                ("scrapeTimeout", "10s"),
                ("module", each.Module),
                ("prober", Json.Map(("url", Prober(stack)), ("path", "/probe"))),
                ("targets", Json.Map(("staticConfig", Json.Map(
                    ("static", Json.List(each.Url)),
                    ("labels", Json.Map([.. LabelsOf(stack, each).Select(label => (label.Key, (JsonNode?)label.Value))])))))))));
        }
    }

    private static IEnumerable<Probed> Of(StackContext stack) =>
    [
        .. stack.Spec.LocationsInService().Select(location => new Probed(EdgeLayer.NameOf(location), Component.Edge, location, "edge", $"https://{stack.Dns(EdgeLayer.NameOf(location))}/")),
        new(Names.LoadBalancer, Component.LoadBalancer, null, "load_balancer", $"https://{stack.Dns(Names.LoadBalancer)}:{Ports.Https}/healthz"),
    ];

    private static string Target(StackContext stack, Probed each)
    {
        var labels = LabelsOf(stack, each).Append(("__param_module", each.Module)).Select(label => $"{label.Item1}: \"{label.Item2}\"");
        return $"      - targets: [\"{each.Url}\"]\n        labels: {{{string.Join(", ", labels)}}}";
    }

    /// <remarks>The pod is the prober's: where it cannot be reached, that is what is said.</remarks>
    private static IEnumerable<(string Key, string Value)> LabelsOf(StackContext stack, Probed each) =>
    [
        ("namespace", stack.Identity.Namespace), ("component", Component.Metrics.Slug()), ("pod", Names.Blackbox), ("container", Names.Blackbox),
        ("tier", each.Tier.Slug()), .. each.Location is { } location ? [("location", location)] : Array.Empty<(string, string)>(),
    ];

    private sealed record Probed(string Name, Component Tier, string? Location, string Module, string Url);
}
