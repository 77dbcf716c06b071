using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Portal.Browser.Tests.Browser;

/// <summary>What has to hold for every page.</summary>
internal static class PageLook
{
    private const int Phone = 390;

    /// <summary>Fails with all that is wrong with the page as it stands: to axe in both appearances, and on a phone, where pages scroll only down.</summary>
    public static async Task HoldsAsync(IPage page)
    {
        List<string> troubles = [];
        foreach (var appearance in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = appearance, ReducedMotion = ReducedMotion.Reduce });
            troubles.AddRange((await ViolationsAsync(page)).Select(violation => $"{appearance}: {violation}"));
        }

        await page.SetViewportSizeAsync(Phone, 844);
        var width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        if (width > Phone)
        {
            troubles.Add($"On a phone the page is {width} pixels wide.");
        }

        Assert.Empty(troubles);
    }

    /// <summary>Fails with what axe finds on the page as it stands.</summary>
    public static async Task IsAccessibleAsync(IPage page) => Assert.Empty(await ViolationsAsync(page));

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page)
    {
        var found = await page.RunAxe();
        return found.Violations.SelectMany(violation => violation.Nodes.Select(node =>
            $"{violation.Id}: {violation.Help}: {node.Html} {string.Join(" ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}"));
    }
}
