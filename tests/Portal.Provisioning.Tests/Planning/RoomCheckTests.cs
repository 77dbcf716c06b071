using Portal.Core.Environments.Specs;
using Portal.Provisioning.Kubernetes;
using Portal.Provisioning.Planning;
using Portal.Provisioning.Tests.Blueprint;

namespace Portal.Provisioning.Tests.Planning;

public sealed class RoomCheckTests
{
    private static readonly NodeRoom s_small = new(4_000, 16 * 1024);

    [Fact]
    public void Of_SmallOnOneNodeOfFourCores_Fits() =>
        Assert.Empty(RoomCheck.Of(StackCase.Of(Preset.Small).Render(), new(s_small, s_small, CanGrow: false), "dev"));

    [Fact]
    public void Of_AClusterThatIsTooSmallInAll_IsRefusedAtThePresetWithBothAmounts()
    {
        var error = Assert.Single(RoomCheck.Of(StackCase.Of(Preset.Medium).Render(), new(s_small, s_small, CanGrow: false), "dev"));

        Assert.Equal(("plan.no-room", "preset"), (error.Code, error.Field));
        Assert.Contains("all nodes of cluster dev together offer 4 cores and 16 GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AClusterThatBringsMoreNodes_Fits() =>
        Assert.Empty(RoomCheck.Of(StackCase.Of(Preset.Medium).Render(), new(s_small, s_small, CanGrow: true), "dev"));

    // More nodes of the same size do not help a pod that fits none of them.
    [Fact]
    public void Of_APodThatFitsNoNode_IsRefusedAtItsSizeEvenWhenTheClusterGrows()
    {
        var error = Assert.Single(RoomCheck.Of(StackCase.Of(Preset.Large).Render(), new(s_small, s_small, CanGrow: true), "dev"));

        Assert.Equal(("plan.no-room", "mySql.size"), (error.Code, error.Field));
        Assert.Contains("the largest node of cluster dev offers 4 cores and 16 GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AClusterWhoseNodesCannotBeSeen_IsNotJudged() => Assert.Empty(RoomCheck.Of(StackCase.Of(Preset.Large).Render(), null, "dev"));
}
