using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

public sealed class AppearanceTests(PortalFixture portal, Chromium chromium) : BrowserTest(portal, chromium)
{
    [Fact]
    public async Task Dark_OnceChosen_IsRememberedOnEveryPageUntilTheSystemDecidesAgain()
    {
        await SignInAsync("Dewi Lestari");
        Assert.False(await IsDarkAsync());

        await ChooseAsync("Dark");
        Assert.True(await IsDarkAsync());
        await OpenAsync("/requests");
        Assert.True(await IsDarkAsync());
        await Page.GotoAsync("/sign-in");
        Assert.True(await IsDarkAsync());

        await ChooseAsync("As the system");
        Assert.False(await IsDarkAsync());
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await IsDarkAsync());
    }

    private async Task ChooseAsync(string choice)
    {
        await Page.GetByLabel("Appearance", new() { Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = choice, Exact = true }).ClickAsync();
    }

    // Light text on a dark ground, as the eye sees it: by the colours that the browser computed.
    private Task<bool> IsDarkAsync() => Page.EvaluateAsync<bool>(
        """
        () => {
          const style = getComputedStyle(document.body);
          const light = colour => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
          return light(style.color) > light(style.backgroundColor);
        }
        """);
}
