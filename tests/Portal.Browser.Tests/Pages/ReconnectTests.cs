using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

/// <summary>The portal goes away and comes back while somebody looks at a page.</summary>
public sealed class ReconnectTests(OwnPortal portal, Chromium chromium) : BrowserTest(portal, chromium), IClassFixture<OwnPortal>
{
    [Fact]
    public async Task ServerLostAndBack_BarComesAndGoesAndThePageIsLiveAtTheSameAddress()
    {
        using var api = Portal.As("developer");
        await SignInAsync("Dewi Lestari");
        await OpenAsync("/environments?search=back");
        await Expect(Page.GetByText("Nothing matches")).ToBeVisibleAsync();
        var bar = Page.GetByText("The connection to the portal was lost.");
        await Expect(bar).ToBeHiddenAsync();

        await Portal.KillAsync();
        await Expect(bar).ToBeVisibleAsync();
        await Portal.StartAsync();
        await Expect(bar).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await LiveAsync();

        Assert.EndsWith("/environments?search=back", Page.Url, StringComparison.Ordinal);
        await Expect(Page.GetByLabel("Search by name")).ToHaveValueAsync("back");
        var visit = await Visit.BeginAsync(Page);
        await api.RequestAsync("back-again");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "back-again" })).ToBeVisibleAsync();
        await visit.StayedAsync();
    }
}
