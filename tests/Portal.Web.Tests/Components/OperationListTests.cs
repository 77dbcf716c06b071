using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Testing;

namespace Portal.Web.Tests.Components;

/// <summary>What can be done to a running environment, on its page.</summary>
public sealed class OperationListTests : PageContext
{
    [Fact]
    public async Task Operations_OfARunningOne_AreOfferedByComponentAndSayWhyNot()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");

        var page = OpenEnvironment(id, "operations");

        Assert.False(Button(page, "gateway", "Restart").HasAttribute("disabled"));
        var remove = Button(page, "mysql", "Remove a read replica");
        Assert.True(remove.HasAttribute("disabled"));
        Assert.Contains("MySQL has no read replica.", page.Find("#" + remove.GetAttribute("aria-describedby")).TextContent);
    }

    [Fact]
    public async Task Operations_ForSomebodyWhoMayOnlyLook_AreAllOffWithTheReason()
    {
        var id = await Core.ApprovedAsync();
        SignIn("vera");

        var page = OpenEnvironment(id, "operations");

        Assert.All(page.FindAll(".operation-offer button"), button => Assert.True(button.HasAttribute("disabled")));
        Assert.NotEmpty(page.Find("#operations-denied").TextContent);
    }

    [Fact]
    public async Task Restart_Confirmed_BeginsAtOnce()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");

        await page.ClickAsync(() => Button(page, "gateway", "Restart"));
        await page.SubmitAsync(Form);

        Assert.Equal((2L, 1), await StandingAsync(id, spec => spec.DayTwo.Restarts.Gateway));
    }

    [Fact]
    public async Task Scale_WithBadNumbers_SaysItAtTheFieldAndKeepsThem()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");

        await page.ClickAsync(() => Button(page, "gateway", "Scale"));
        await page.TypeAsync("#f-operation-min", "5");
        await page.TypeAsync("#f-operation-max", "many");
        await page.SubmitAsync(Form);
        Assert.Contains("a whole number", page.Find("#f-operation-max-error").TextContent);

        await page.TypeAsync("#f-operation-max", "2");
        await page.SubmitAsync(Form);

        Assert.Contains("less than gateway.scale.min, 5", page.Find("#f-operation-max-error").TextContent);
        Assert.Equal("5", page.Find("#f-operation-min").GetAttribute("value"));
        Assert.Equal((1L, 1), await StandingAsync(id, spec => spec.Gateway.Scale.Min));
    }

    [Fact]
    public async Task Scale_Confirmed_GoesToTheRequestThatWaits()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");

        await page.ClickAsync(() => Button(page, "publish", "Scale"));
        await page.TypeAsync("#f-operation-max", "3");
        await page.SubmitAsync(Form);

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task Restore_NeedsTheName()
    {
        var id = await Core.ApprovedAsync("shop");
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");

        await page.ClickAsync(() => Button(page, "mysql", "Restore a backup"));
        await page.SubmitAsync(Form);
        Assert.Contains("Type the name of the environment, shop", page.Find("#f-operation-confirm-error").TextContent);

        await page.TypeAsync("#f-operation-confirm", "shop");
        await page.SubmitAsync(Form);

        Assert.Equal((2L, true), await StandingAsync(id, spec => spec.DayTwo.Restore.IsOpen));
    }

    [Fact]
    public async Task Restore_WithoutAnObjectStore_SaysWhatOtherEnvironmentsBackupsNeed()
    {
        var id = await Core.ApprovedAsync();
        await Core.ApprovedAsync("staging");
        SignIn("dewi");
        var page = OpenEnvironment(id, "operations");

        await page.ClickAsync(() => Button(page, "mysql", "Restore a backup"));

        Assert.Equal("This environment", Assert.Single(page.FindAll("#f-operation-from option")).TextContent);
        Assert.Contains("need an object store", page.Find("#f-operation-from-hint").TextContent, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string component, string title) =>
        page.FindAll($"[aria-labelledby=operations-{component}] button").Single(button => button.TextContent == title);

    private const string Form = "dialog[aria-labelledby=operation-title] form";

    private async Task<(long Generation, T Value)> StandingAsync<T>(EnvironmentId id, Func<EnvironmentSpec, T> read)
    {
        var environment = (await Core.FindEnvironmentAsync(id))!;
        return (environment.Generation, read(environment.Spec));
    }
}
