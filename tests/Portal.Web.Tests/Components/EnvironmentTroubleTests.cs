using Bunit;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Web.Tests.Components;

/// <summary>An environment that is not well: the cause, the next step, the deadline, and what one may do.</summary>
public sealed class EnvironmentTroubleTests : PageContext
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Standing_EverythingOnItsWay_ShowsNoTrouble()
    {
        var id = await Core.ApprovedAsync();
        await StageAsync(id, status => status with { Components = [new(Component.MySql, HealthStatus.Progressing, "0 of 1 pods ready.", s_now, null, s_now.AddMinutes(9))] });
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Empty(page.FindAll(".trouble"));
        Assert.Empty(page.FindAll(".stuck-actions"));
    }

    [Fact]
    public async Task Standing_Stuck_SaysCauseNextStepAndDeadlineOfEachComponent()
    {
        var id = await StuckAsync();
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Contains("MySQL did not become healthy", page.Find(".standing-sentence").TextContent);
        var troubled = page.FindAll(".trouble > li");
        Assert.Equal(["MySQL", "Gateway"], troubled.Select(item => item.QuerySelector("a")!.TextContent));
        Assert.Contains("The image cannot be pulled.", troubled[0].TextContent);
        Assert.Contains("Correct the image.", troubled[0].QuerySelector(".trouble-step")!.TextContent);
        Assert.Contains("missed its deadline 3 minutes ago", troubled[0].TextContent);
        Assert.Matches("has until [0-9]{2}:[0-9]{2} UTC, 1[01] min [0-9]+ s left", troubled[1].TextContent);
    }

    [Fact]
    public async Task Standing_ManyFailing_ShowsTheFirstAndCountsTheRest()
    {
        var id = await Core.ApprovedAsync();
        await StageAsync(id, status => status with { Components = [.. Portal.Core.Environments.Components.All.Select(part => new ComponentStatus(part, HealthStatus.Degraded, "Fails.", s_now))] });
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Equal(5, page.FindAll(".trouble > li").Count);
        Assert.Contains("10 more components are not well", page.Find(".standing").TextContent);
    }

    [Fact]
    public async Task Retry_ByAMember_TriesAgainAndTheActionsGo()
    {
        var id = await StuckAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id);

        await page.ClickAsync(".stuck-actions .btn-primary");

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".stuck-actions")), TimeSpan.FromSeconds(20));
        Assert.Equal(EnvironmentPhase.Provisioning, (await Core.FindEnvironmentAsync(id))!.Status.Phase);
    }

    [Fact]
    public async Task Actions_ForAViewer_AreDeniedWithTheReason()
    {
        var id = await StuckAsync();
        SignIn("vera");

        var page = OpenEnvironment(id);

        var buttons = page.FindAll(".stuck-actions button");
        Assert.Equal(2, buttons.Count);
        Assert.All(buttons, button => Assert.True(button.HasAttribute("disabled")));
        Assert.All(buttons, button => Assert.Equal("stuck-denied", button.GetAttribute("aria-describedby")));
        Assert.Equal(AccessErrors.NotMember(Team).Message, page.Find("#stuck-denied").TextContent);
    }

    [Fact]
    public async Task Actions_StuckUpdate_OfferTheLastGoodGeneration()
    {
        var id = await Core.ApprovedAsync();
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Ready }, rollout => rollout with { Outcome = RolloutOutcome.Succeeded, FinishedAt = s_now });
        var spec = ASpec.Small();
        var change = (await Core.Get<RequestChangeCommand>().ExecuteAsync(Core.Member, id, spec with { Gateway = spec.Gateway with { Image = "registry.example/gateway:2" } }, null, CancellationToken.None)).Value;
        await Core.Get<DecideCommand>().ExecuteAsync(Core.Approver, change.Id, Verdict.Approve, null, null, CancellationToken.None);
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Stuck });
        SignIn("dewi");
        var page = OpenEnvironment(id);

        await page.ClickAsync(() => page.FindAll(".stuck-actions button").Single(button => button.TextContent == "Return to generation 1"));

        Assert.Equal("Return to generation 1?", page.Find("#return-title").TextContent);
        Assert.Equal(["gateway.image", "registry.example/gateway:2", spec.Gateway.Image], page.FindAll(".differences td").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task Actions_WhileARequestIsOpen_AllowOnlyTheRetry()
    {
        var id = await StuckAsync();
        var spec = ASpec.Small();
        var change = (await Core.Get<RequestChangeCommand>().ExecuteAsync(Core.Member, id, spec with { MySql = spec.MySql with { StorageGiB = 30 } }, null, CancellationToken.None)).Value;
        SignIn("dewi");

        var page = OpenEnvironment(id);

        Assert.Equal([false, true], page.FindAll(".stuck-actions button").Select(button => button.HasAttribute("disabled")));
        Assert.Equal(RequestErrors.Pending("shop", change.Id).Message, page.Find("#stuck-denied").TextContent);
    }

    private async Task<EnvironmentId> StuckAsync()
    {
        var id = await Core.ApprovedAsync("shop");
        await StageAsync(id, status => status with
        {
            Phase = EnvironmentPhase.Stuck,
            Message = "MySQL did not become healthy in 15 minutes.",
            Components =
            [
                new(Component.Edge, HealthStatus.Healthy, "Healthy.", s_now),
                new(Component.Gateway, HealthStatus.Degraded, "1 of 2 pods ready.", s_now, null, s_now.AddMinutes(11.5)),
                new(Component.MySql, HealthStatus.Missing, "The image cannot be pulled.", s_now, "Correct the image.", s_now.AddMinutes(-3.5)),
            ],
        });
        return id;
    }
}
