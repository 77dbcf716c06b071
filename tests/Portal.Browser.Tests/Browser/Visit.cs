using Microsoft.Playwright;

namespace Portal.Browser.Tests.Browser;

/// <summary>One look at one page: proves afterwards that the page changed by itself, without being loaded again or left.</summary>
internal sealed class Visit
{
    private readonly IPage _page;
    private readonly string _url;

    private Visit(IPage page) => (_page, _url) = (page, page.Url);

    public static async Task<Visit> BeginAsync(IPage page)
    {
        // Loading a document, the same one too, forgets what scripts left in it.
        await page.EvaluateAsync("() => { window.stayed = true; }");
        return new(page);
    }

    public async Task StayedAsync()
    {
        Assert.True(await _page.EvaluateAsync<bool>("() => window.stayed === true"), "the page was loaded again");
        Assert.Equal(_url, _page.Url);
    }
}
