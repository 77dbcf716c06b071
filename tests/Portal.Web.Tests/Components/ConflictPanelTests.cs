using Bunit;
using Portal.Core.Access;
using Portal.Core.Environments;

namespace Portal.Web.Tests.Components;

public sealed class ConflictPanelTests : PageContext
{
    [Fact]
    public async Task Panel_NoConflict_IsNotThere()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");

        Assert.Empty(OpenEnvironment(id).FindAll(".conflicts"));
    }

    [Fact]
    public async Task Panel_OneConflict_NamesObjectFieldsAndManagerAndWhatEachChoiceMeans()
    {
        var id = await ConflictedAsync(Conflict("gateway", null));
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Equal("1 object differs from the spec", page.Find("#conflicts").TextContent);
        var item = Assert.Single(page.FindAll(".conflict-list > li"));
        Assert.All((string[])["Deployment", "gateway", "kubectl-edit", ".spec.replicas", "Nobody has chosen yet"], word => Assert.Contains(word, item.TextContent));
        Assert.All(item.QuerySelectorAll("button"), button => Assert.Equal("false", button.GetAttribute("aria-pressed")));
        Assert.All(item.QuerySelectorAll("button"), button => Assert.NotEmpty(page.Find("#" + button.GetAttribute("aria-describedby")).TextContent));
    }

    [Theory]
    [InlineData(0, OwnershipChoice.TakeOver, "The spec wins, chosen by dewi.")]
    [InlineData(1, OwnershipChoice.Leave, "kubectl-edit keeps them, chosen by dewi.")]
    public async Task Choose_Either_StandsAndIsSaid(int button, OwnershipChoice choice, string says)
    {
        var id = await ConflictedAsync(Conflict("gateway", null));
        SignIn("dewi");
        var page = OpenEnvironment(id);

        await page.ClickAsync(".conflict-choice button", button);

        page.WaitForAssertion(() => Assert.Contains(says, page.Find(".conflict-list").TextContent), TimeSpan.FromSeconds(20));
        Assert.Equal("true", page.FindAll(".conflict-choice button")[button].GetAttribute("aria-pressed"));
        Assert.StartsWith("Deployment gateway: ", page.Find(".conflicts [role=status]").TextContent);
        Assert.Equal(choice, Assert.Single((await Core.FindEnvironmentAsync(id))!.Ownership).Choice);
    }

    [Fact]
    public async Task Panel_ChoiceOfTheSpec_ShowsThatItStands()
    {
        var id = await ConflictedAsync(Conflict("gateway", OwnershipChoice.Leave));
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Contains("kubectl-edit keeps them, as the spec says.", page.Find(".conflict-list").TextContent);
        Assert.Equal(["false", "true"], page.FindAll(".conflict-choice button").Select(button => button.GetAttribute("aria-pressed")));
    }

    [Fact]
    public async Task Panel_Many_ShowsFiveUntilAskedForAll()
    {
        var id = await ConflictedAsync([.. Enumerable.Range(1, 8).Select(number => Conflict($"gateway-{number}", null))]);
        SignIn("dewi");
        var page = OpenEnvironment(id);
        Assert.Equal("8 objects differ from the spec", page.Find("#conflicts").TextContent);
        Assert.Equal(5, page.FindAll(".conflict-list > li").Count);

        await page.ClickAsync(".conflicts > .btn");

        Assert.Equal(8, page.FindAll(".conflict-list > li").Count);
    }

    [Fact]
    public async Task Choose_ByAViewer_IsDeniedWithTheReason()
    {
        var id = await ConflictedAsync(Conflict("gateway", null));
        SignIn("vera");

        var page = OpenEnvironment(id);

        Assert.All(page.FindAll(".conflict-choice button"), button => Assert.True(button.HasAttribute("disabled")));
        Assert.All(page.FindAll(".conflict-choice button"), button => Assert.Contains("conflicts-denied", button.GetAttribute("aria-describedby")));
        Assert.Equal(AccessErrors.NotMember(Team).Message, page.Find("#conflicts-denied").TextContent);
    }

    [Fact]
    public async Task Choose_ConflictGoneMeanwhile_SaysSo()
    {
        var id = await ConflictedAsync(Conflict("gateway", null));

        var shown = (await Core.FindEnvironmentAsync(id))!;

        // The panel alone: a page would follow the change, and take the button away before it is pressed.
        var panel = Render<Web.Components.Controls.ConflictPanel>(parameters => parameters.Add(it => it.Environment, shown).Add(it => it.Actor, Core.Member));
        await StageAsync(id, status => status with { Conflicts = [Conflict("other", null)] });
        await panel.ClickAsync(".conflict-choice button");

        Assert.Contains(EnvironmentErrors.NoSuchConflict("shop").Message, panel.Find(".conflicts").TextContent);
    }

    private async Task<EnvironmentId> ConflictedAsync(params OwnershipConflict[] conflicts)
    {
        var id = await Core.ApprovedAsync("shop");
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Ready, Conflicts = conflicts });
        return id;
    }

    private static OwnershipConflict Conflict(string name, OwnershipChoice? choice) =>
        new(Component.Gateway, "Deployment", name, "kubectl-edit", [".spec.replicas"], choice);
}
