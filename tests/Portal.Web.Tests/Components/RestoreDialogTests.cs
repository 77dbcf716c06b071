using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Testing;

namespace Portal.Web.Tests.Components;

/// <summary>The dialog of a restore, where the platform has an object store.</summary>
public sealed class RestoreDialogTests : PageContext
{
    private const string Form = "dialog[aria-labelledby=operation-title] form";

    protected override PlatformOffers Platform => new(ObjectStore: true);

    [Fact]
    public async Task Delete_WithAnObjectStore_SaysThatCopiesStayThere()
    {
        var id = await Core.ApprovedAsync("shop");
        SignIn("dewi");

        Assert.Contains("stay in the object store", OpenEnvironment(id).Find("#delete-copies").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_WithOthersOfTheTeam_OffersThoseThatQualifyAndSaysWhatTheyAre()
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var live = await Core.ApprovedAsync("live", ASpec.Small(Purpose.Production));
        await Core.RequestAsync("fresh");

        var page = await OpenDialogAsync(id);

        Assert.Equal(["This environment", "live · Production"], page.FindAll("#f-operation-from option").Select(option => option.TextContent));
        Assert.Equal(["", live.ToString()], page.FindAll("#f-operation-from option").Select(option => option.GetAttribute("value")));
    }

    [Fact]
    public async Task Restore_FromAnother_BeginsWithItsBackup()
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var staging = await Core.ApprovedAsync("staging", ASpec.Small(Purpose.Staging));
        var page = await OpenDialogAsync(id);

        await page.InvokeAsync(() => page.Find("#f-operation-from").Change(staging.ToString()));
        Assert.Contains("begins at once", page.Find(Form).TextContent, StringComparison.Ordinal);
        await page.TypeAsync("#f-operation-confirm", "shop");
        await page.SubmitAsync(Form);

        Assert.Equal(new BackupOwner($"{Team}-staging", staging.ToString()), (await Core.FindEnvironmentAsync(id))!.Spec.DayTwo.Restore.From);
    }

    [Fact]
    public async Task Restore_FromAProduction_SaysThatItNeedsAnApprovalAndGoesToTheRequest()
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var live = await Core.ApprovedAsync("live", ASpec.Small(Purpose.Production));
        var page = await OpenDialogAsync(id);

        await page.InvokeAsync(() => page.Find("#f-operation-from").Change(live.ToString()));
        Assert.Contains("for somebody to approve", page.Find(Form).TextContent, StringComparison.Ordinal);
        await page.TypeAsync("#f-operation-confirm", "shop");
        await page.SubmitAsync(Form);

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Null((await Core.FindEnvironmentAsync(id))!.Spec.DayTwo.Restore.From);
    }

    [Fact]
    public async Task Restore_OfANameThatIsNotCopied_SaysItAtTheField()
    {
        var id = await Core.ApprovedAsync("shop", ASpec.Small(Purpose.Development));
        var staging = await Core.ApprovedAsync("staging", ASpec.Small(Purpose.Staging));
        var page = await OpenDialogAsync(id);

        await page.InvokeAsync(() => page.Find("#f-operation-from").Change(staging.ToString()));
        await page.TypeAsync("#f-operation-backup", "before-restore-1.sql.gz");
        await page.TypeAsync("#f-operation-confirm", "shop");
        await page.SubmitAsync(Form);

        Assert.Contains("is not in the object store", page.Find("#f-operation-backup-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_WithNobodyElseToRestoreFrom_SaysSo()
    {
        var page = await OpenDialogAsync(await Core.ApprovedAsync());

        Assert.Contains("no other environment", page.Find("#f-operation-from-hint").TextContent, StringComparison.Ordinal);
    }

    private async Task<IRenderedComponent<Web.Components.Pages.Environment>> OpenDialogAsync(EnvironmentId id)
    {
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");
        await page.ClickAsync(() => page.FindAll("[aria-labelledby=operations-mysql] button").Single(button => button.TextContent == "Restore a backup"));
        return page;
    }
}
