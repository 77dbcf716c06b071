using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

/// <summary>The pages of what goes wrong and of what is gone: accessible in both appearances, whole on a phone, and their actions work.</summary>
public sealed class StagedPagesTests(StagedPortal portal, Chromium chromium) : BrowserTest(portal, chromium), IClassFixture<StagedPortal>
{
    private const string Developer = "Dewi Lestari";

    private static readonly Dictionary<string, (string Path, string Shows)> s_pages = new()
    {
        ["stuck"] = ("/environments/{stuck}", "missed its deadline"),
        ["history"] = ("/environments/{stuck}?tab=rollouts", "Return to this generation"),
        ["conflicts"] = ("/environments/{conflicted}", "2 objects differ from the spec"),
        ["deleted"] = ("/environments/{deleted}", "Volumes that were kept"),
    };

    public static TheoryData<string> Pages => [.. s_pages.Keys];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InBothAppearancesAndOnAPhone_IsAccessibleAndWhole(string page)
    {
        await VisitAsync(page);

        await PageLook.HoldsAsync(Page);
    }

    [Fact]
    public async Task Return_FromTheHistory_LeadsToTheRequest()
    {
        await VisitAsync("history");
        await LiveAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Return to this generation (1)" }).ClickAsync();

        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Return to generation 1?" });
        await Expect(dialog.GetByText("gateway.image")).ToBeVisibleAsync();
        await PageLook.IsAccessibleAsync(Page);
        await dialog.GetByLabel("Why").FillAsync("The spring release fails.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Request the return" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Request [0-9]+: Change · webshop$") })).ToBeVisibleAsync();
        await Expect(Page.GetByText("The spring release fails.")).ToBeVisibleAsync();

        // The other tests of the class see it without a request.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Withdrawn" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Delete_WithItsVolumesKept_ByKeyboardAlone()
    {
        await BeAsync(Developer);
        await OpenAsync($"/environments/{portal.Ready}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");

        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Delete catalogue?" });
        await Expect(dialog.GetByRole(AriaRole.Radio, new() { Name = "Delete its data" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete it, keep its volumes" })).ToBeVisibleAsync();
        await PageLook.IsAccessibleAsync(Page);
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.TypeAsync("catalogue");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Deleting" }).First).ToBeVisibleAsync();
        using var api = Portal.As("developer");
        var requests = await api.GetAsync($"requests?environment={portal.Ready}");
        Assert.Equal("keep", (string?)(await api.GetAsync($"requests/{requests["items"]![0]!["id"]}"))["data"]);
    }

    [Fact]
    public async Task Conflict_Chosen_StandsAndIsAnnounced()
    {
        await VisitAsync("conflicts");
        await LiveAsync();
        var choice = Page.GetByRole(AriaRole.Group, new() { Name = "Deployment gateway, kubectl-edit" });

        await choice.GetByRole(AriaRole.Button, new() { Name = "Take over" }).ClickAsync();

        await Expect(choice.GetByRole(AriaRole.Button, new() { Name = "Take over" })).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Deployment gateway: Take over" })).ToBeAttachedAsync();
        await Expect(Page.GetByText("The spec wins, chosen by dewi.")).ToBeVisibleAsync();
    }

    private async Task VisitAsync(string page)
    {
        var (path, shows) = s_pages[page];
        await BeAsync(Developer);
        await Page.GotoAsync(path
            .Replace("{stuck}", portal.Stuck, StringComparison.Ordinal)
            .Replace("{conflicted}", portal.Conflicted, StringComparison.Ordinal)
            .Replace("{deleted}", portal.Deleted, StringComparison.Ordinal));
        await Expect(Page.GetByRole(AriaRole.Main).GetByText(shows).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }
}
