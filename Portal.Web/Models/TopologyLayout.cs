using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;

namespace Portal.Web.Models;

/// <summary>Which way a request travels on the picture: left to right on a wide screen, top to bottom on a phone.</summary>
public enum TopologyDirection
{
    Wide,
    Narrow,
}

/// <summary>The topology picture: where each component stands and how flows run between them. Pure geometry.</summary>
public sealed record TopologyLayout(double Width, double Height, TopologyBox Clients, IReadOnlyList<TopologyBox> Nodes, IReadOnlyList<TopologyEdge> Edges)
{
    public static TopologyLayout Of(StackGraph graph, TopologyDirection direction)
    {
        var grid = direction == TopologyDirection.Wide ? TopologyGrid.Wide : TopologyGrid.Narrow;
        var boxes = graph.Nodes.Select(node => grid.Place(node.Component)).ToDictionary(box => box.Component!.Value);
        var edges = graph.Flows
            .GroupBy(flow => (flow.From, flow.To))
            .Where(flows => flows.Key.To is not null && flows.Key.From != flows.Key.To && (flows.Key.From is not null || flows.Key.To == Component.Edge))
            .Where(flows => boxes.ContainsKey(flows.Key.To!.Value) && (flows.Key.From is not { } from || boxes.ContainsKey(from)))
            .Select(flows => Edge(flows.Key.From, flows.Key.To!.Value, string.Join(", ", flows.Select(flow => flow.Label).Distinct()), grid, boxes));
        return new(grid.Width, grid.Height, grid.Clients, [.. boxes.Values.OrderBy(box => box.Component)], [.. edges]);
    }

    private static TopologyEdge Edge(Component? from, Component to, string label, TopologyGrid grid, Dictionary<Component, TopologyBox> boxes)
    {
        var start = from is { } known ? boxes[known] : grid.Clients;

        // What monitoring touches stands above it on either picture.
        var quiet = IsQuiet(from) || IsQuiet(to);
        return new(from, to, label, TopologyPath.Between(start, boxes[to], quiet ? TopologyDirection.Narrow : grid.Direction), quiet);
    }

    // Monitoring touches everything: its lines are drawn only around the component that is selected.
    private static bool IsQuiet(Component? component) =>
        component is { } known && known.Layer() is Layer.Monitoring or Layer.Housekeeping or Layer.Base;
}

/// <summary>A box on the picture; no component stands for the clients.</summary>
public sealed record TopologyBox(Component? Component, double X, double Y, double Width, double Height)
{
    public double CenterX => X + (Width / 2);

    public double CenterY => Y + (Height / 2);

    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <param name="Quiet">Shown only when one of its ends is selected.</param>
public sealed record TopologyEdge(Component? From, Component To, string Label, string Path, bool Quiet)
{
    public bool Touches(Component? selected) => selected is not null && (From == selected || To == selected);
}
