using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Rollouts;
using Portal.Testing;

namespace Portal.Web.Tests.Components;

/// <summary>The history of an environment: its generations, how each rollout ended, and the way back.</summary>
public sealed class GenerationListTests : PageContext
{
    private const string NewImage = "registry.example/gateway:2";

    [Fact]
    public async Task History_NeverApproved_HasNoGeneration()
    {
        var request = await Core.RequestAsync();
        SignIn("dewi");

        var page = OpenEnvironment(request.EnvironmentId, "rollouts");

        Assert.Empty(page.FindAll(".generations"));
        Assert.Contains("No rollouts yet", page.Markup);
    }

    [Fact]
    public async Task History_OneGeneration_IsThePresentOneAndOffersNoReturn()
    {
        var id = await Core.ApprovedAsync();
        SignIn("dewi");

        var page = OpenEnvironment(id, "rollouts");

        var row = Assert.Single(page.FindAll(".generations tbody tr"));
        Assert.Equal("true", row.GetAttribute("aria-current"));
        Assert.Contains("Present", row.TextContent);
        Assert.Empty(row.QuerySelectorAll("button"));
    }

    [Fact]
    public async Task History_RolledBack_ShowsOriginsOutcomesAndWhy()
    {
        var id = await UpdatedAsync();
        var lease = await Core.Store.HoldAsync(id);
        var target = (await Core.Store.LoadAsync(id, CancellationToken.None))!;
        await Core.Store.RollBackAsync(lease, target, target.LatestRollout!, "New pods of gateway fail.", CancellationToken.None);
        SignIn("dewi");

        var page = OpenEnvironment(id, "rollouts");

        var rows = page.FindAll(".generations tbody tr");
        Assert.Equal(["3", "2", "1"], rows.Select(row => row.QuerySelector("td")!.TextContent));
        Assert.Contains("Automatic return to generation 1", rows[0].TextContent);
        Assert.Matches("^/requests/[0-9]+$", rows[1].QuerySelector("a")!.GetAttribute("href")!);
        Assert.Contains(page.FindAll(".pane-head .badge"), badge => badge.TextContent == "Rolled back");
        Assert.Equal("New pods of gateway fail.", page.Find(".rollout-message").TextContent);
    }

    [Fact]
    public async Task Return_Confirmed_MakesARequestAndGoesToIt()
    {
        var id = await UpdatedAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id, "rollouts");

        await page.ClickAsync(".generations button");
        Assert.Equal(["gateway.image", NewImage, ASpec.Small().Gateway.Image], page.FindAll(".differences td").Select(cell => cell.TextContent));
        await page.TypeAsync("#f-return-reason", "It was better.");
        await page.SubmitAsync("dialog[aria-labelledby=return-title] form");

        var address = Services.GetRequiredService<NavigationManager>().Uri;
        Assert.Matches("/requests/[0-9]+$", address);
        var request = (await Core.FindRequestAsync(RequestId.Parse(address.Split('/')[^1])!.Value))!;
        Assert.Equal((RequestKind.Update, "It was better.", ASpec.Small().Gateway.Image), (request.Kind, request.Reason, request.Spec!.Gateway.Image));
    }

    [Fact]
    public async Task Return_ReasonTooLong_SaysSoAtTheField()
    {
        var id = await UpdatedAsync();
        SignIn("dewi");
        var page = OpenEnvironment(id, "rollouts");
        await page.ClickAsync(".generations button");

        await page.TypeAsync("#f-return-reason", new string('x', 2001));
        await page.SubmitAsync("dialog[aria-labelledby=return-title] form");

        Assert.Equal(RequestErrors.TextTooLong("reason", 2000).Message, page.Find("#f-return-reason-error").TextContent.Trim());
    }

    [Fact]
    public async Task Return_ToTheSameSpec_SaysThatThereIsNothingToChange()
    {
        var id = await UpdatedAsync(spec => spec with { MySql = spec.MySql with { StorageGiB = 40 } });
        SignIn("dewi");
        var page = OpenEnvironment(id, "rollouts");

        await page.ClickAsync(".generations button");

        Assert.Contains(RequestErrors.NoChange("shop").Message, page.Find("dialog[aria-labelledby=return-title]").TextContent);
        Assert.True(page.Find("dialog[aria-labelledby=return-title] button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Return_ByAViewer_IsDeniedWithTheReason()
    {
        var id = await UpdatedAsync();
        SignIn("vera");

        var page = OpenEnvironment(id, "rollouts");

        Assert.True(page.Find(".generations button").HasAttribute("disabled"));
        Assert.Contains(AccessErrors.NotMember(Team).Message, page.Find("#return-denied").TextContent);
    }

    private async Task<EnvironmentId> UpdatedAsync(Func<EnvironmentSpec, EnvironmentSpec>? change = null)
    {
        var id = await Core.ApprovedAsync("shop");
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Ready }, rollout => rollout with { Outcome = RolloutOutcome.Succeeded, FinishedAt = rollout.StartedAt.AddSeconds(9) });
        var spec = ASpec.Small();
        var wanted = change is null ? spec with { Gateway = spec.Gateway with { Image = NewImage } } : change(spec);
        var request = (await Core.Get<RequestChangeCommand>().ExecuteAsync(Core.Member, id, wanted, null, CancellationToken.None)).Value;
        await Core.Get<DecideCommand>().ExecuteAsync(Core.Approver, request.Id, Verdict.Approve, null, null, CancellationToken.None);
        await StageAsync(id, status => status);
        return id;
    }
}
