using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Rollouts;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class StateBadgesTests
{
    [Fact]
    public void Badge_EveryState_HasWordAndIcon()
    {
        Badge[] badges =
        [
            .. Enum.GetValues<EnvironmentPhase>().Select(StateBadges.Of),
            .. Enum.GetValues<HealthStatus>().Select(StateBadges.Of),
            .. Enum.GetValues<RequestState>().Select(StateBadges.Of),
            .. Enum.GetValues<PlanAction>().Select(StateBadges.Of),
            .. Enum.GetValues<RolloutOutcome>().Select(StateBadges.Of),
        ];

        Assert.All(badges, badge => Assert.NotEmpty(badge.Text));
        Assert.All(badges, badge => Assert.NotEmpty(IconPaths.Path(badge.Icon)));
    }

    [Fact]
    public void Health_OfEachKind_CanBeToldApartWithoutColour()
    {
        var badges = Enum.GetValues<HealthStatus>().Select(StateBadges.Of).ToList();

        Assert.Equal(badges.Count, badges.Select(badge => badge.Icon).Distinct().Count());
        Assert.Equal(Tone.Good, StateBadges.Of(HealthStatus.Healthy).Tone);
        Assert.Equal(Tone.Bad, StateBadges.Of(HealthStatus.Degraded).Tone);
    }
}
