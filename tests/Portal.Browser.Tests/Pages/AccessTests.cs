using System.Net;
using Microsoft.Playwright;
using Portal.Browser.Tests.Browser;
using Portal.Browser.Tests.Hosting;

namespace Portal.Browser.Tests.Pages;

/// <summary>What a person may not see or do, and how the page says so.</summary>
public sealed class AccessTests(PortalFixture portal, Chromium chromium) : BrowserTest(portal, chromium)
{
    [Fact]
    public async Task EnvironmentOfAnotherTeam_IsNotFound()
    {
        using var owner = Portal.As("developer");
        using var outsider = Portal.As("outsider");
        var (environment, request) = await owner.RequestAsync("private");
        var refusal = await outsider.SendAsync(HttpMethod.Get, $"environments/{environment}", null);
        Assert.Equal(HttpStatusCode.NotFound, refusal.Status);

        await BeAsync("Budi Hartono");
        await OpenAsync($"/environments/{environment}");
        await Expect(Page.GetByText((string)refusal.Body["detail"]!)).ToBeVisibleAsync();
        Assert.DoesNotContain("private", await Page.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);

        await OpenAsync($"/requests/{request}");
        await Expect(Page.GetByText("There is no such request, or you may not see it.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task OwnRequest_CannotBeApprovedAndSaysWhy()
    {
        using var api = Portal.As("admin");
        var (_, request) = await api.RequestAsync("own");
        var refusal = await api.SendAsync(HttpMethod.Post, $"requests/{request}/decisions", new { verdict = "approve" });
        Assert.Equal(HttpStatusCode.Forbidden, refusal.Status);

        await BeAsync("Sari Wijaya");
        await OpenAsync($"/requests/{request}");
        var approve = Page.GetByRole(AriaRole.Button, new() { Name = "Approve" });
        await Expect(approve).ToBeDisabledAsync();
        await Expect(approve).ToHaveAccessibleDescriptionAsync((string)refusal.Body["detail"]!);
        await Expect(Page.GetByText((string)refusal.Body["detail"]!)).ToBeVisibleAsync();
    }
}
