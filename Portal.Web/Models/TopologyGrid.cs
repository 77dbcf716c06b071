using Portal.Core.Environments;

namespace Portal.Web.Models;

/// <summary>Columns and rows of the topology picture, once for wide screens and once for phones.</summary>
internal sealed record TopologyGrid(TopologyDirection Direction, double Width, double Height, double BoxWidth, double BoxHeight, double PitchX, double PitchY)
{
    private const double Margin = 4;

    public static TopologyGrid Wide { get; } = new(TopologyDirection.Wide, 984, 404, 128, 56, 169.6, 72);

    public static TopologyGrid Narrow { get; } = new(TopologyDirection.Narrow, 352, 620, 80, 56, 88, 88);

    public TopologyBox Clients => Direction == TopologyDirection.Wide ? Box(null, 0, 1.5) : Box(null, 1.5, 0);

    public TopologyBox Place(Component component)
    {
        var (along, across) = Cell(component);
        return Direction == TopologyDirection.Wide ? Box(component, along, across) : NarrowBox(component, along, across);
    }

    // "along" is the way of a request, "across" is the position beside it.
    private static (double Along, double Across) Cell(Component component) => component switch
    {
        Component.Edge => (1, 1.5),
        Component.LoadBalancer => (2, 1.5),
        Component.Ingress => (3, 1.5),
        Component.Frontend => (4, 0),
        Component.Gateway => (4, 1),
        Component.Publish => (4, 2),
        Component.Consume => (4, 3),
        Component.MySql => (5, 0.5),
        Component.Redis => (5, 1.5),
        Component.PubSub => (5, 2.5),
        Component.Base => (0, 4.6),
        Component.Metrics => (1, 4.6),
        Component.Logs => (2, 4.6),
        Component.Alerting => (3, 4.6),
        Component.Housekeeping => (4, 4.6),
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Unknown component."),
    };

    private TopologyBox NarrowBox(Component component, double along, double across) => component switch
    {
        Component.Base => Box(component, 0, 0.4),
        Component.Metrics or Component.Logs or Component.Alerting or Component.Housekeeping => Box(component, along - 1, 6.3),
        _ => Box(component, across, along),
    };

    private TopologyBox Box(Component? component, double column, double row) =>
        new(component, Margin + (column * PitchX), Margin + (row * PitchY), BoxWidth, BoxHeight);
}
