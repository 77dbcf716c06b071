using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

/// <summary>What holds for every page: accessible in both appearances, and nothing sticks out on a phone.</summary>
public sealed class EveryPageTests(FurnishedPortal portal, Chromium chromium) : BrowserTest(portal, chromium), IClassFixture<FurnishedPortal>
{
    /// <summary>Who looks at which address, and a text that shows that the page is the meant one.</summary>
    private static readonly Dictionary<string, (string? Who, string Path, string Shows)> s_pages = new()
    {
        ["sign-in"] = (null, "/sign-in", "Demo sign-in: anyone may be anyone."),
        ["environments, none"] = ("Budi Hartono", "/environments", "No environments yet"),
        ["environments"] = ("Dewi Lestari", "/environments", "shop"),
        ["environments, nothing matches"] = ("Dewi Lestari", "/environments?search=zzz", "Nothing matches"),
        ["new environment"] = ("Dewi Lestari", "/environments/new", "What will be made"),
        ["requests, none"] = ("Budi Hartono", "/requests", "No requests"),
        ["requests"] = ("Arif Santoso", "/requests?tab=all", "search"),
        ["request"] = ("Arif Santoso", "/requests/{waiting}", "Plan"),
        ["environment, overview"] = ("Dewi Lestari", "/environments/{environment}", "How to reach it"),
        ["environment, component"] = ("Dewi Lestari", "/environments/{environment}?component=mysql", "Objects"),
        ["environment, workloads"] = ("Dewi Lestari", "/environments/{environment}?tab=workloads", "mysql-0"),
        ["environment, events"] = ("Dewi Lestari", "/environments/{environment}?tab=events", "Scheduled"),
        ["environment, rollouts"] = ("Dewi Lestari", "/environments/{environment}?tab=rollouts", "Succeeded"),
        ["environment, operations"] = ("Dewi Lestari", "/environments/{environment}?tab=operations", "The whole environment"),
        ["environment, configuration"] = ("Dewi Lestari", "/environments/{environment}?tab=configuration", "StatefulSet"),
        ["environment, activity"] = ("Dewi Lestari", "/environments/{environment}?tab=activity", "Arif Santoso"),
        ["environment, not found"] = ("Budi Hartono", "/environments/{environment}", "There is no such environment"),
        ["not found"] = ("Dewi Lestari", "/nowhere", "Not found"),
        ["error"] = ("Dewi Lestari", "/error", "Something went wrong"),
    };

    public static TheoryData<string> Pages => [.. s_pages.Keys];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InBothAppearancesAndOnAPhone_IsAccessibleAndWhole(string page)
    {
        await VisitAsync(page);

        await PageLook.HoldsAsync(Page);
    }

    private async Task VisitAsync(string page)
    {
        var (who, path, shows) = s_pages[page];
        path = path.Replace("{environment}", portal.Environment, StringComparison.Ordinal).Replace("{waiting}", $"{portal.Waiting}", StringComparison.Ordinal);
        if (who is not null)
        {
            await BeAsync(who);
        }

        await Page.GotoAsync(path);
        await Expect(Page.GetByRole(AriaRole.Main).GetByText(shows).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}
