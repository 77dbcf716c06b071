using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Testing;
using Portal.Web.Models;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Tests.Models;

public sealed class TopologyLayoutTests
{
    [Theory]
    [InlineData(TopologyDirection.Wide)]
    [InlineData(TopologyDirection.Narrow)]
    public void Layout_EveryComponent_HasItsOwnPlaceOnThePicture(TopologyDirection direction)
    {
        var layout = TopologyLayout.Of(StackBlueprint.Graph(ASpec.Large()), direction);

        Assert.Equal(Parts.All, layout.Nodes.Select(node => node.Component!.Value));
        TopologyBox[] boxes = [layout.Clients, .. layout.Nodes];
        Assert.All(boxes, box => Assert.True(box.X >= 0 && box.Y >= 0 && box.Right <= layout.Width && box.Bottom <= layout.Height, $"{box} is outside"));
        Assert.All(
            from one in boxes from other in boxes where one != other select (one, other),
            pair => Assert.True(pair.one.Right <= pair.other.X || pair.other.Right <= pair.one.X || pair.one.Bottom <= pair.other.Y || pair.other.Bottom <= pair.one.Y, $"{pair} overlap"));
    }

    [Fact]
    public void Layout_Requests_TravelFromClientsToDatabases()
    {
        var layout = TopologyLayout.Of(StackBlueprint.Graph(ASpec.Small()), TopologyDirection.Wide);

        Assert.Contains(layout.Edges, edge => edge is { From: null, To: Component.Edge, Quiet: false });
        Assert.Contains(layout.Edges, edge => edge is { From: Component.Gateway, To: Component.MySql, Quiet: false });
        Assert.All(layout.Edges.Where(edge => edge.From == Component.Metrics), edge => Assert.True(edge.Quiet));
    }
}
