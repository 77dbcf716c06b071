using AngleSharp.Dom;
using Bunit;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Testing;
using Portal.Web.Components.Pages;

namespace Portal.Web.Tests.Components;

public sealed class RequestPageTests : PageContext
{
    [Fact]
    public async Task Request_OwnOfAnApprover_CannotBeApprovedAndSaysWhy()
    {
        SignIn("arif");
        var own = AnActor.InTeam("arif", Team, TeamRole.Member, PlatformRole.Approver);
        var request = (await Core.Get<RequestEnvironmentCommand>().ExecuteAsync(own, new(Team, "shop", ASpec.Small()), CancellationToken.None)).Value;

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        var approve = page.FindAll(".decision-actions button")[0];
        Assert.True(approve.HasAttribute("disabled"));
        Assert.Equal(AccessErrors.OwnRequest().Message, page.Find("#" + approve.GetAttribute("aria-describedby")).TextContent);
    }

    [Fact]
    public async Task Request_RejectedWithoutComment_SaysThatAReasonIsNeeded()
    {
        var request = await Core.RequestAsync();
        SignIn("arif");
        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        await page.FindAll(".decision-actions button")[1].ClickAsync(new());

        Assert.Equal(RequestErrors.CommentMissing().Message, page.Find("#f-comment-error p").TextContent.Trim());
        Assert.Equal(RequestState.Pending, (await Core.FindRequestAsync(request.Id))!.State);
    }

    [Fact]
    public async Task Request_Approved_ShowsDecisionAndEnvironment()
    {
        var request = await Core.RequestAsync();
        SignIn("arif");
        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        await page.FindAll(".decision-actions button")[0].ClickAsync(new());

        page.WaitForAssertion(() => Assert.Equal($"/environments/{request.EnvironmentId}", page.Find(".request-environment a").GetAttribute("href")), TimeSpan.FromSeconds(20));
        Assert.Contains("approved it", page.Find(".timeline").TextContent);
        Assert.Empty(page.FindAll(".decision-actions"));
    }

    [Fact]
    public async Task Plan_ObjectsOfSeveralComponents_AreGroupedAndFiltered()
    {
        Core.Planner.Answer = _ => new Plan(
            [
                new(PlanAction.Create, Component.MySql, "apps/v1", "StatefulSet", "ns", "mysql"),
                new(PlanAction.Create, Component.MySql, "v1", "Service", "ns", "mysql"),
                new(PlanAction.Create, Component.Edge, "apps/v1", "Deployment", "ns", "edge-jakarta"),
            ],
            ["No autoscaler: the cluster has no metrics API."]);
        var request = await Core.RequestAsync();
        SignIn("arif");

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        Assert.Equal(["CDN edge1", "MySQL2"], page.FindAll(".plan-group > summary").Select(group => group.TextContent));
        Assert.Contains("No autoscaler", page.Find(".plan .notice").TextContent);

        page.Find(".plan input").Input("stateful");
        Assert.Equal("mysql", Assert.Single(page.FindAll(".plan-group code")).TextContent);
    }

    [Fact]
    public void Request_Unknown_SaysSo()
    {
        SignIn("dewi");

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, "999999"));

        Assert.Contains(RequestErrors.NotFound().Message, page.Markup);
    }
}
