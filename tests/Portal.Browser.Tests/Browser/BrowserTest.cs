using Microsoft.Playwright;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Browser;

/// <summary>Base of tests in the browser: a page of its own, and evidence when the test fails.</summary>
public abstract class BrowserTest(PortalFixture portal, Chromium chromium) : IAsyncLifetime
{
    private Evidence _evidence = null!;

    protected PortalFixture Portal { get; } = portal;

    protected IPage Page { get; private set; } = null!;

    /// <summary>How the context of this test is made: window, preferences, locale.</summary>
    protected virtual BrowserNewContextOptions Options => new() { ViewportSize = new() { Width = 1280, Height = 900 } };

    public async ValueTask InitializeAsync()
    {
        var options = Options;
        options.BaseURL = Portal.Address.ToString();
        options.Locale ??= "en-GB";
        var context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Chromium.Patience);
        Page = await context.NewPageAsync();
        _evidence = await Evidence.CollectAsync(Page);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await _evidence.KeepAsync(Portal.Said);
        }

        await Page.Context.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    protected static LocatorAssertionsToBeVisibleOptions Within(TimeSpan time) => new() { Timeout = (float)time.TotalMilliseconds };

    /// <summary>Signs in as a demo persona, named as on its card.</summary>
    protected async Task SignInAsync(string name)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await LiveAsync();
        Portal.SignedIn[name] = [.. (await Page.Context.CookiesAsync()).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path })];
    }

    /// <summary>Is a demo persona from here on: by the cookies of an earlier test when there was one, which spares two pages.</summary>
    protected async Task BeAsync(string name)
    {
        if (Portal.SignedIn.TryGetValue(name, out var cookies))
        {
            await Page.Context.AddCookiesAsync(cookies);
        }
        else
        {
            await SignInAsync(name);
        }
    }

    protected async Task SignOutAsync(string name)
    {
        await Page.GetByRole(AriaRole.Banner).GetByText(name).First.ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    /// <summary>Goes to an address and waits until the page answers to clicks.</summary>
    protected async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>The layout says so once the circuit has taken over what was rendered before it.</summary>
    protected Task LiveAsync() => Expect(Page.Locator("[data-live]")).ToBeAttachedAsync();

    protected ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1 });
}
