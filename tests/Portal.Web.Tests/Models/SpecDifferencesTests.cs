using Portal.Testing;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class SpecDifferencesTests
{
    [Fact]
    public void Differences_OfTheSameSpec_AreNone() => Assert.Empty(SpecDifferences.Of(ASpec.Small(), ASpec.Small()));

    [Fact]
    public void Differences_OfNumbersListsAndWhatIsNotSet_AreEachTheirField()
    {
        var spec = ASpec.Small();
        var other = spec with
        {
            Edge = spec.Edge with { Locations = ["jakarta", "sydney"] },
            MySql = spec.MySql with { StorageGiB = 99 },
            Alerting = spec.Alerting with { NotifyEmail = "team@shop.example" },
        };

        Assert.Equal(
            [new("edge.locations", "jakarta", "jakarta, sydney"), new("mySql.storageGiB", "10", "99"), new("alerting.notifyEmail", "", "team@shop.example")],
            SpecDifferences.Of(spec, other));
    }
}
