using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pictures;

/// <summary>Renews the pictures in docs/pictures. Runs only when it is asked for: tests/run pictures.</summary>
public sealed class ReadmePictures(OwnPortal portal, Chromium chromium) : BrowserTest(portal, chromium), IClassFixture<OwnPortal>
{
    private const int Width = 1280;
    private const int Height = 860;

    private static readonly TimeSpan s_rollout = TimeSpan.FromMinutes(4);

    protected override BrowserNewContextOptions Options => new() { ViewportSize = new() { Width = Width, Height = Height }, ReducedMotion = ReducedMotion.Reduce };

    [Fact(Explicit = true)]
    public async Task Pictures_OfTheJourney_AreRenewed()
    {
        using var developer = Portal.As("developer");
        using var approver = Portal.As("approver");
        var (older, first) = await developer.RequestAsync("checkout");
        await approver.ApproveAsync(first);
        await developer.UntilAsync(older, body => (string?)body["phase"] == "ready", "the first environment to be ready", s_rollout);
        var (environment, request) = await developer.RequestAsync("webshop", "The shop of the spring campaign.");
        await developer.RequestAsync("search");

        await SignInAsync("Dewi Lestari");
        await OpenAsync("/environments/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("loyalty");
        await Page.GetByLabel("What it is for").FillAsync("Points and rewards, first release.");
        await TakeAsync("new-environment");
        await SignOutAsync("Dewi Lestari");

        await SignInAsync("Arif Santoso");
        await OpenAsync($"/requests/{request}");
        await Page.GetByText("MySQL", new() { Exact = true }).First.ClickAsync();
        await TakeAsync("request");

        await approver.ApproveAsync(request);
        await OpenAsync($"/environments/{environment}");
        await Expect(Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^MySQL: Healthy") })).ToBeVisibleAsync(Within(s_rollout));
        await TakeAsync("environment");
        await OpenAsync("/environments");
        await Page.SetViewportSizeAsync(Width, 360);
        await TakeAsync("environments");
        await Page.SetViewportSizeAsync(Width, Height);

        await developer.UntilAsync(environment, body => (string?)body["phase"] == "ready", "the environment to be ready", s_rollout);
        await OpenAsync($"/environments/{environment}?component=gateway");
        await TakeAsync("environment-ready");
        await OpenAsync($"/environments/{environment}?tab=workloads");
        await TakeAsync("workloads");
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await OpenAsync($"/environments/{environment}");
        await TakeAsync("environment-dark");
    }

    private async Task TakeAsync(string name)
    {
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Page.Mouse.MoveAsync(0, 0);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Folder(), $"{name}.png") });
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These pictures belong into the repository, and the tests do not run inside it.");
        }

        return Path.Combine(folder.FullName, "docs", "pictures");
    }
}
