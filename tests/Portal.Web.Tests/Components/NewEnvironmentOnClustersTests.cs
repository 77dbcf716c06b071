using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

/// <summary>The form of a portal that serves two clusters.</summary>
public sealed class NewEnvironmentOnClustersTests : PageContext
{
    protected override string[] Clusters => ["jakarta", "surabaya"];

    [Fact]
    public async Task Submit_OtherClusterChosen_IsPlannedThere()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        page.Find("#f-name").Input("shop");
        Assert.Equal("jakarta", page.Find("#f-cluster").GetAttribute("value"));

        page.Find("#f-cluster").Change("surabaya");
        await page.Find("form").SubmitAsync();

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Equal("surabaya", Assert.Single(Core.Planner.Subjects).Cluster);
    }

    [Fact]
    public async Task Submit_NothingChosen_GoesToTheDefault()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        page.Find("#f-name").Input("shop");

        await page.Find("form").SubmitAsync();

        Assert.Equal("jakarta", Assert.Single(Core.Planner.Subjects).Cluster);
    }
}
