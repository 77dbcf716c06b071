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
        await page.TypeAsync("#f-name", "shop");
        Assert.Equal("jakarta", page.Find("#f-cluster").GetAttribute("value"));

        await page.ChooseAsync("#f-cluster", "surabaya");
        await page.SubmitAsync();

        Assert.Matches("/requests/[0-9]+$", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Equal("surabaya", Assert.Single(Core.Planner.Subjects).Cluster);
    }

    [Fact]
    public async Task Submit_NothingChosen_GoesToTheDefault()
    {
        SignIn("dewi");
        var page = Open<NewEnvironment>();
        await page.TypeAsync("#f-name", "shop");

        await page.SubmitAsync();

        Assert.Equal("jakarta", Assert.Single(Core.Planner.Subjects).Cluster);
    }
}
