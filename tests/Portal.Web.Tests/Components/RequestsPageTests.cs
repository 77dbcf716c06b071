using Bunit;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

public sealed class RequestsPageTests : PageContext
{
    [Fact]
    public async Task List_Approver_BeginsWithWhatWaitsForTheDecision()
    {
        var request = await Core.RequestAsync("shop");
        SignIn("arif");

        var page = Open<Requests>();

        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == $"/requests/{request.Id}" || link.GetAttribute("href") == $"requests/{request.Id}");
    }

    [Fact]
    public async Task List_SubmittedElsewhereMeanwhile_AppearsWithoutReload()
    {
        SignIn("arif");
        var page = Open<Requests>();
        Assert.Contains("Nothing waits for you", page.Markup, StringComparison.Ordinal);

        await Core.RequestAsync("shop");

        page.WaitForState(() => page.Markup.Contains("shop", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
    }
}
