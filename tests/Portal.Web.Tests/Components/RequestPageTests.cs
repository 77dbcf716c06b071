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

        await page.ClickAsync(".decision-actions button", 1);

        Assert.Equal(RequestErrors.CommentMissing().Message, page.Find("#f-comment-error p").TextContent.Trim());
        Assert.Equal(RequestState.Pending, (await Core.FindRequestAsync(request.Id))!.State);
    }

    [Fact]
    public async Task Request_Approved_ShowsDecisionAndEnvironment()
    {
        var request = await Core.RequestAsync();
        SignIn("arif");
        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        await page.ClickAsync(".decision-actions button");

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

        await page.TypeAsync(".plan input", "stateful");
        Assert.Equal("mysql", Assert.Single(page.FindAll(".plan-group code")).TextContent);
    }

    [Fact]
    public async Task Plan_OfAnUpdate_OpensWhatChangesAndTellsItsFields()
    {
        Core.Planner.Answer = _ => new Plan(
            [
                new(PlanAction.Keep, Component.Gateway, "v1", "Service", "ns", "gateway"),
                new(PlanAction.Change, Component.Gateway, "apps/v1", "Deployment", "ns", "gateway")
                {
                    Changes = [new("spec.template.spec.containers[name=gateway].image", "gateway:1", "gateway:2"), new("spec.minReadySeconds", null, "5"), new("metadata.labels.old", "x", null)],
                },
                new(PlanAction.Keep, Component.MySql, "apps/v1", "StatefulSet", "ns", "mysql"),
            ],
            []);
        var request = await Core.RequestAsync();
        SignIn("arif");

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        Assert.Equal(["True Gateway1 of 2", "False MySQL0 of 1"], page.FindAll(".plan-group").Select(group => $"{group.HasAttribute("open")} {group.QuerySelector("summary")!.TextContent}"));
        var row = Assert.Single(page.FindAll("details.plan-change"));
        Assert.Equal("ChangeDeploymentgateway3 fields", row.QuerySelector("summary")!.TextContent);
        Assert.Equal(
            ["spec.template.spec.containers[name=gateway].image Now:gateway:1 Then:gateway:2", "spec.minReadySeconds Then:5", "metadata.labels.old Now:x"],
            row.QuerySelectorAll(".field-changes li").Select(field => string.Join(' ', field.Children.Select(part => part.TextContent))));
        Assert.Empty(page.FindAll(".plan [role=alert]"));

        await page.TypeAsync(".plan input", "minReady");
        Assert.Equal("gateway", Assert.Single(page.FindAll(".plan-object > code")).TextContent);
    }

    [Fact]
    public async Task Plan_ReplacementAndProblems_StandOut()
    {
        Core.Planner.Answer = _ => new Plan(
            [
                new(PlanAction.Replace, Component.Gateway, "apps/v1", "Deployment", "ns", "gateway")
                {
                    Changes = [new("spec.selector.matchLabels.app", "a", "b")],
                    Reason = "spec.selector cannot change once a Deployment exists. It is deleted and made again, and its pods with it.",
                },
            ],
            [])
        {
            Problems = [new("Service/ns/gateway", "Cannot apply Service/ns/gateway: exceeded quota: theirs.", "Ask for less.")],
        };
        var request = await Core.RequestAsync();
        SignIn("arif");

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, request.Id.ToString()));

        var alert = page.Find(".plan > [role=alert]");
        Assert.Equal("Service/ns/gateway", alert.QuerySelector("code")!.TextContent);
        Assert.Contains("exceeded quota: theirs", alert.TextContent);
        Assert.Contains("Ask for less.", alert.TextContent);
        var row = page.Find("details.plan-change");
        Assert.Equal("Replace", row.QuerySelector(".badge")!.TextContent);
        Assert.Contains("cannot change once a Deployment exists", row.QuerySelector(".plan-reason")!.TextContent);
    }

    [Fact]
    public void Request_Unknown_SaysSo()
    {
        SignIn("dewi");

        var page = Open<Request>(parameters => parameters.Add(it => it.Number, "999999"));

        Assert.Contains(RequestErrors.NotFound().Message, page.Markup);
    }
}
