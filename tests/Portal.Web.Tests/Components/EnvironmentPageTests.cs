using Bunit;
using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Parts = Portal.Core.Environments.Components;

namespace Portal.Web.Tests.Components;

public sealed class EnvironmentPageTests : PageContext
{
    [Fact]
    public async Task Topology_EveryComponent_IsOneNamedLinkPerPicture()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");

        var page = RenderPage(id);

        foreach (var picture in new[] { ".topology-wide", ".topology-narrow" })
        {
            var nodes = page.FindAll($"{picture} a[data-component]");
            Assert.Equal(Parts.All.Select(part => part.Slug()).Order(), nodes.Select(node => node.GetAttribute("data-component")!).Order());
            Assert.All(nodes, node => Assert.StartsWith($"/environments/{id}?component=", node.GetAttribute("href")));
            Assert.All(nodes, node => Assert.Contains("Missing", node.GetAttribute("aria-label")));
        }
    }

    [Fact]
    public async Task Phase_ApprovedElsewhere_ChangesWithoutReload()
    {
        var request = await Core.RequestAsync();
        SignIn("dewi");
        var page = RenderPage(request.EnvironmentId);
        Assert.Contains("Requested", page.Find(".page-head .badge").TextContent);

        await Core.Get<DecideCommand>().ExecuteAsync(Core.Approver, request.Id, Verdict.Approve, null, null, CancellationToken.None);

        page.WaitForAssertion(() => Assert.Contains("Provisioning", page.Find(".page-head .badge").TextContent), TimeSpan.FromSeconds(20));
        Assert.Contains("0 of 15 components healthy", page.Find(".rollout-progress").TextContent);
    }

    [Fact]
    public async Task Page_Left_LeavesNoListener()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");
        var page = RenderPage(id);
        page.WaitForAssertion(() => Assert.Equal(1, Core.Signal.ListenerCount));

        await DisposeComponentsAsync();

        Assert.Equal(0, Core.Signal.ListenerCount);
    }

    [Fact]
    public async Task Delete_WrongNameTyped_SaysWhatToType()
    {
        var id = await Core.ApprovedAsync("shop");
        SignIn("dewi");
        var page = RenderPage(id);

        await page.TypeAsync("#f-confirm", "shop1");
        await page.SubmitAsync("dialog form");

        Assert.Equal(RequestErrors.ConfirmationWrong("shop").Message, page.Find("#f-confirm-error p").TextContent.Trim());
        Assert.False((await Core.FindEnvironmentAsync(id))!.IsDeleting);
    }

    [Fact]
    public async Task Page_OfAnotherTeam_IsNotFound()
    {
        var id = await Core.ApprovedAsync();
        SignIn("stranger");

        var page = RenderPage(id);

        Assert.Contains(EnvironmentErrors.NotFound().Message, page.Markup);
    }

    private IRenderedComponent<Web.Components.Pages.Environment> RenderPage(EnvironmentId id) =>
        Open<Web.Components.Pages.Environment>(parameters => parameters.Add(it => it.Number, id.ToString()));
}
