using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class NewEnvironmentFormTests
{
    [Theory]
    [InlineData(Preset.Small)]
    [InlineData(Preset.Medium)]
    [InlineData(Preset.Large)]
    public void Preset_Untouched_IsThePresetItself(Preset preset)
    {
        var form = new NewEnvironmentForm { Team = "payments" };

        form.Choose(preset);
        form.Set("name", "shop");

        Assert.Empty(form.Validate());
        Assert.Equal(SpecJson.Write(Presets.Create(preset, Purpose.Development, "shop.payments.portal.example")), SpecJson.Write(form.Spec));
    }

    [Fact]
    public void Preset_ChosenAfterAChange_KeepsTheChange()
    {
        var form = new NewEnvironmentForm { Team = "payments" };
        form.Set("mySql.storageGiB", "77");

        form.Choose(Preset.Large);

        Assert.Equal(77, form.Spec.MySql.StorageGiB);
        Assert.Equal(5, form.Spec.PubSub.Brokers);
    }

    [Fact]
    public void Number_Unreadable_IsKeptAsTypedWithASentenceAtItsField()
    {
        var form = new NewEnvironmentForm { Team = "payments" };
        form.Set("name", "shop");

        form.Set("edge.cacheGiB", "ten");

        Assert.Equal("ten", form.Value("edge.cacheGiB"));
        Assert.Contains("a whole number", Assert.Single(form.ErrorsAt("edge.cacheGiB", form.Validate())));
    }

    [Fact]
    public void Name_NotTypedYet_IsScoldedOnlyAfterSubmit()
    {
        var form = new NewEnvironmentForm { Team = "payments" };
        Assert.Empty(form.ErrorsAt("name", form.Validate()));

        var errors = form.Attempt();

        Assert.Equal([EnvironmentErrors.BadName("").Message], form.ErrorsAt("name", errors));
    }
}
