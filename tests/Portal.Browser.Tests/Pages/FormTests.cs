using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

/// <summary>Bad input in the form: the API's own sentences at the fields, and nothing of what was typed is lost.</summary>
public sealed class FormTests(PortalFixture portal, Chromium chromium) : BrowserTest(portal, chromium)
{
    private ILocator Name => Page.GetByLabel("Name", new() { Exact = true });

    private ILocator Reason => Page.GetByLabel("What it is for");

    [Fact]
    public async Task BadFields_AreRefusedAtThemWithTheSentencesOfTheApi()
    {
        using var api = Portal.As("developer");
        var refusals = await api.RefusalsAsync(new
        {
            team = "payments",
            name = "Bad_Name",
            preset = "small",
            spec = new { mySql = new { storageGiB = -5 }, frontend = new { image = "shop:latest" } },
        });
        Assert.Equal(["frontend.image", "mySql.storageGiB", "name"], refusals.Select(refusal => refusal.Field).Order(StringComparer.Ordinal));

        await BeAsync("Dewi Lestari");
        await OpenAsync("/environments/new");
        await Name.FillAsync("Bad_Name");
        await Reason.FillAsync("A reason that took long to write.");
        await OpenSectionAsync("Services");
        await Page.GetByLabel("Frontend image").FillAsync("shop:latest");
        await OpenSectionAsync("Data");
        await Page.GetByLabel("MySQL storage").FillAsync("-5");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Request environment" }).ClickAsync();

        await Expect(Page.GetByText("3 fields need a change.")).ToBeVisibleAsync();
        var fields = new Dictionary<string, ILocator> { ["name"] = Name, ["frontend.image"] = Page.GetByLabel("Frontend image"), ["mySql.storageGiB"] = Page.GetByLabel("MySQL storage") };
        foreach (var (field, sentence) in refusals)
        {
            await Expect(fields[field]).ToHaveAccessibleDescriptionAsync(Containing(sentence));
            await Expect(fields[field]).ToHaveAttributeAsync("aria-invalid", "true");
        }

        await Expect(Name).ToBeFocusedAsync();
        await Expect(Name).ToHaveValueAsync("Bad_Name");
        await Expect(Reason).ToHaveValueAsync("A reason that took long to write.");
        await Expect(Page.GetByLabel("Frontend image")).ToHaveValueAsync("shop:latest");
        await Expect(Page.GetByLabel("MySQL storage")).ToHaveValueAsync("-5");
    }

    [Fact]
    public async Task TakenName_IsRefusedAtTheNameAndTheRestStays()
    {
        using var api = Portal.As("developer");
        await api.RequestAsync("taken");
        var (_, sentence) = Assert.Single(await api.RefusalsAsync(new { team = "payments", name = "taken", preset = "small" }));

        await BeAsync("Dewi Lestari");
        await OpenAsync("/environments/new");
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Medium" }).CheckAsync();
        await Name.FillAsync("taken");
        await Reason.FillAsync("A reason that took long to write.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Request environment" }).ClickAsync();

        await Expect(Page.GetByText(sentence)).ToBeVisibleAsync();
        await Expect(Name).ToHaveAccessibleDescriptionAsync(Containing(sentence));
        await Expect(Reason).ToHaveValueAsync("A reason that took long to write.");
        await Expect(Page.GetByRole(AriaRole.Radio, new() { Name = "Medium" })).ToBeCheckedAsync();
        await Name.FillAsync("not-taken");
        await Expect(Page.GetByText(sentence)).ToBeHiddenAsync();
    }

    private static Regex Containing(string sentence) => new(Regex.Escape(sentence));

    private Task OpenSectionAsync(string title) => Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true, Level = 2 }).ClickAsync();
}
