using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

public sealed class NewEnvironmentPageTests : PageContext
{
    [Fact]
    public async Task Form_BadNameTyped_ShowsCoresSentenceAtTheField()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        Assert.Empty(page.FindAll("#f-name-error p"));

        await page.TypeAsync("#f-name", "Shop_1");

        Assert.Equal(EnvironmentErrors.BadName("Shop_1").Message, page.Find("#f-name-error p").TextContent.Trim());
        Assert.Equal("true", page.Find("#f-name").GetAttribute("aria-invalid"));
        Assert.Contains("f-name-error", page.Find("#f-name").GetAttribute("aria-describedby"));
    }

    [Fact]
    public async Task Form_ConsumersBeyondPartitions_ShowsTheRuleAtItsField()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();

        await page.TypeAsync("#f-consume-scale-max", "9");

        Assert.Contains("a topic has 3 partitions", page.Find("#f-consume-scale-max-error").TextContent);
    }

    [Fact]
    public async Task Choice_OfAnotherDatabase_AsksWhatItNeedsAndNoLongerWhatMeansNothing()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        Assert.Empty(page.FindAll("#f-mySql-external-host"));

        await page.ChooseAsync("#f-mySql-source", "external");

        Assert.Contains("Name the server", page.Find("#f-mySql-external-host-error").TextContent);
        Assert.Empty(page.FindAll("#f-mySql-readReplicas"));
    }

    [Fact]
    public async Task Choice_OfAnotherDatabaseAfterAValueThatItRefuses_KeepsTheFieldWithTheSentence()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        await page.TypeAsync("#f-mySql-readReplicas", "2");

        await page.ChooseAsync("#f-mySql-source", "external");

        Assert.NotEmpty(page.Find("#f-mySql-readReplicas-error").TextContent.Trim());
    }

    [Fact]
    public async Task Submit_GoodInput_RequestsAndGoesToTheRequest()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        await page.TypeAsync("#f-name", "shop");
        await page.TypeAsync("#f-mySql-storageGiB", "33");

        await page.SubmitAsync();

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Equal(33, Assert.Single(Core.Planner.Subjects).Spec!.MySql.StorageGiB);
    }

    [Fact]
    public async Task WhenThingsGoWrong_Chosen_IsPartOfTheRequest()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        await page.TypeAsync("#f-name", "shop");
        await page.TypeAsync("#f-rollout-deadlineMinutes", "1");
        Assert.Contains("rollout.deadlineMinutes is 1", page.Find("#f-rollout-deadlineMinutes-error").TextContent);

        await page.TypeAsync("#f-rollout-deadlineMinutes", "30");
        await page.ChooseAsync("#f-rollout-onFailedUpdate", "hold");
        await page.ChooseAsync("#f-rollout-onFailedProvision", "tearDown");
        await page.ChooseAsync("#f-rollout-onConflict", "takeOver");
        await page.SubmitAsync();

        Assert.Equal(new RolloutSpec(30, FailedUpdate.Hold, FailedProvision.TearDown, ConflictRule.TakeOver), Assert.Single(Core.Planner.Subjects).Spec!.Rollout);
    }

    [Fact]
    public async Task Submit_NameTaken_SaysSoAtTheNameAndLosesNothing()
    {
        await Core.RequestAsync("shop");
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        await page.TypeAsync("#f-name", "shop");
        await page.TypeAsync("#f-reason", "for the holidays");

        await page.SubmitAsync();

        Assert.Equal(EnvironmentErrors.NameTaken("shop").Message, page.Find("#f-name-error p").TextContent.Trim());
        Assert.Equal("for the holidays", page.Find("#f-reason").GetAttribute("value"));

        await page.TypeAsync("#f-name", "shop2");
        Assert.Empty(page.FindAll("#f-name-error p"));
    }

    [Fact]
    public void Form_OneCluster_DoesNotAskForIt()
    {
        SignIn("dewi");

        Assert.Empty(Open<NewEnvironment>().FindAll("#f-cluster"));
    }

    [Fact]
    public void Form_ViewerOfATeam_SaysWhoMayRequest()
    {
        SignIn("vera");

        var page = Open<NewEnvironment>();

        Assert.Empty(page.FindAll("form"));
        Assert.Contains("You cannot request environments yet", page.Markup);
    }
}
