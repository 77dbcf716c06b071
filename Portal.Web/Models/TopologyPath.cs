using System.Globalization;

namespace Portal.Web.Models;

/// <summary>The curve of a flow from one box to another.</summary>
internal static class TopologyPath
{
    public static string Between(TopologyBox from, TopologyBox to, TopologyDirection direction)
    {
        if (direction == TopologyDirection.Wide && to.X > from.Right)
        {
            return Curve(from.Right, from.CenterY, to.X - 5, to.CenterY, horizontal: true);
        }

        if (direction == TopologyDirection.Wide && to.Right < from.X)
        {
            return Curve(from.X, from.CenterY, to.Right + 5, to.CenterY, horizontal: true);
        }

        if (to.Y > from.Bottom)
        {
            return Curve(from.CenterX, from.Bottom, to.CenterX, to.Y - 5, horizontal: false);
        }

        if (to.Bottom < from.Y)
        {
            return Curve(from.CenterX, from.Y, to.CenterX, to.Bottom + 5, horizontal: false);
        }

        return to.X > from.Right
            ? Curve(from.Right, from.CenterY, to.X - 5, to.CenterY, horizontal: true)
            : Curve(from.X, from.CenterY, to.Right + 5, to.CenterY, horizontal: true);
    }

    private static string Curve(double x1, double y1, double x2, double y2, bool horizontal)
    {
        var (dx, dy) = horizontal ? ((x2 - x1) / 2, 0d) : (0d, (y2 - y1) / 2);
        return string.Create(CultureInfo.InvariantCulture, $"M{x1:0.#} {y1:0.#}C{x1 + dx:0.#} {y1 + dy:0.#} {x2 - dx:0.#} {y2 - dy:0.#} {x2:0.#} {y2:0.#}");
    }
}
