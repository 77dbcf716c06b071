using Bunit;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

public sealed class EnvironmentsPageTests : PageContext
{
    [Fact]
    public void List_Empty_LeadsToARequest()
    {
        SignIn("dewi");

        var page = Open<Web.Components.Pages.Environments>();

        Assert.Contains("No environments yet", page.Markup);
        Assert.Equal("/environments/new", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task List_EnvironmentRequestedElsewhere_AppearsWithoutReload()
    {
        SignIn("dewi");
        var page = Open<Web.Components.Pages.Environments>();

        await Core.RequestAsync("shop");

        page.WaitForAssertion(() => Assert.Equal("shop", page.Find("a.row-link").TextContent), TimeSpan.FromSeconds(20));
        Assert.Contains("Requested", page.Find(".badge").TextContent);
    }

    [Fact]
    public async Task List_Left_LeavesNoListener()
    {
        SignIn("dewi");
        var page = Open<Web.Components.Pages.Environments>();
        page.WaitForAssertion(() => Assert.Equal(1, Core.Signal.ListenerCount));

        await DisposeComponentsAsync();

        Assert.Equal(0, Core.Signal.ListenerCount);
    }
}
