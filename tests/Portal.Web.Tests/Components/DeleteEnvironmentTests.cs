using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Requests.Queries;
using Portal.Testing;
using Portal.Web.Components.Controls;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

public sealed class DeleteEnvironmentTests : PageContext
{
    [Theory]
    [InlineData(Purpose.Development, DataDisposition.Delete, "Delete it and its data")]
    [InlineData(Purpose.Production, DataDisposition.Keep, "Delete it, keep its volumes")]
    public async Task Dialog_Opened_BeginsWithTheChoiceThatSuitsThePurpose(Purpose purpose, DataDisposition data, string button)
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(purpose));
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Equal($"{data}", page.Find("dialog input[type=radio][checked]").GetAttribute("value"));
        Assert.Equal(button, page.Find("dialog button[type=submit]").TextContent);
        Assert.Empty(page.FindAll("#delete-copies"));
        Assert.All(page.FindAll("dialog input[type=radio]"), radio => Assert.NotEmpty(page.Find("#" + radio.GetAttribute("aria-describedby")).TextContent));
    }

    [Theory]
    [InlineData(DataDisposition.Delete, "Delete it and its data")]
    [InlineData(DataDisposition.Keep, "Delete it, keep its volumes")]
    [InlineData(DataDisposition.BackUp, "Back up, then delete it")]
    public async Task Delete_WithEachChoice_SaysItOnTheButtonAndInTheRequest(DataDisposition data, string button)
    {
        var id = await Core.ApprovedAsync("shop");
        SignIn("dewi");
        var page = OpenEnvironment(id);

        await page.ChooseAsync($"dialog input[value={data}]", $"{data}");
        Assert.Equal(button, page.Find("dialog button[type=submit]").TextContent);
        await page.TypeAsync("#f-confirm", "shop");
        await page.SubmitAsync("dialog form");

        var environment = (await Core.FindEnvironmentAsync(id))!;
        Assert.Equal((true, data), (environment.IsDeleting, environment.DataOnDeletion));
        var requests = await Core.Get<RequestQueries>().ListAsync(Core.Member, new(Environment: id), new(0, 10), CancellationToken.None);
        var shown = Open<Request>(parameters => parameters.Add(it => it.Number, requests.Items[0].Id.ToString()));
        Assert.Contains(Web.Models.DataChoices.Of(data).Meaning, shown.Find(".facts").TextContent);
    }

    [Fact]
    public async Task Delete_OfProduction_GoesToTheRequestThatWaits()
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(Purpose.Production));
        SignIn("dewi");
        var page = OpenEnvironment(id);

        await page.TypeAsync("#f-confirm", "shop");
        await page.SubmitAsync("dialog form");

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public void BackUp_OfASpecWithoutBackups_CannotBeChosenAndSaysWhy()
    {
        var spec = ASpec.Small();
        var environment = AppEnvironment.Request(EnvironmentId.New(Core.Clock), Team, "shop", "sandbox", spec with { MySql = spec.MySql with { BackupRetentionDays = 0 } }, "dewi", Core.Clock.GetUtcNow());
        SignIn("dewi");

        var dialog = Render<DeleteEnvironment>(parameters => parameters.Add(it => it.Environment, environment).Add(it => it.Actor, Core.Member));

        Assert.True(dialog.Find("input[value=BackUp]").HasAttribute("disabled"));
        Assert.Contains("makes no MySQL backups", dialog.Find("#data-BackUp").TextContent);
    }

    [Fact]
    public void BackUp_OfAPausedEnvironment_CannotBeChosenAndSaysWhatCan()
    {
        var spec = ASpec.Small();
        var environment = AppEnvironment.Request(EnvironmentId.New(Core.Clock), Team, "shop", "sandbox", spec with { DayTwo = spec.DayTwo with { Paused = true } }, "dewi", Core.Clock.GetUtcNow());
        SignIn("dewi");

        var dialog = Render<DeleteEnvironment>(parameters => parameters.Add(it => it.Environment, environment).Add(it => it.Actor, Core.Member));

        Assert.True(dialog.Find("input[value=BackUp]").HasAttribute("disabled"));
        Assert.False(dialog.Find("input[value=Keep]").HasAttribute("disabled"));
        Assert.Contains("Wake it first", dialog.Find("#data-BackUp").TextContent);
    }

    [Fact]
    public async Task Delete_ForAViewer_IsDeniedWithTheReason()
    {
        var id = await Core.ApprovedAsync();
        SignIn("vera");

        var page = OpenEnvironment(id);

        Assert.True(page.Find(".page-head .btn-danger").HasAttribute("disabled"));
        Assert.Equal(AccessErrors.NotMember(Team).Message, page.Find("#delete-denied").TextContent);
    }
}
