using System.Net;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class EnvironmentDetailsApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    private readonly HttpClient _developer = app.As("developer");

    [Theory]
    [InlineData("rollouts")]
    [InlineData("generations")]
    [InlineData("inventory")]
    public async Task List_OfAnEnvironmentThatWasNeverProvisioned_IsEmpty(string list)
    {
        var request = await _developer.RequestAsync($"empty-{list}");

        var answer = await _developer.CallAsync("GET", $"environments/{request["environmentId"]}/{list}");

        Assert.Empty(answer.Is(HttpStatusCode.OK).Body["items"]!.AsArray());
    }

    [Theory]
    [Negative("ListPods", "ListEvents")]
    [InlineData("pods")]
    [InlineData("events")]
    public async Task Live_OfAClusterThatIsNotConfigured_IsUnavailable(string list)
    {
        var request = await _developer.RequestAsync($"unknown-{list}");

        (await _developer.CallAsync("GET", $"environments/{request["environmentId"]}/{list}")).Refuses(HttpStatusCode.ServiceUnavailable, "cluster.unknown");
    }

    [Fact]
    public async Task Activity_TellsWhoDidWhat()
    {
        var request = await _developer.RequestAsync("activity");
        await app.As("approver").DecideAsync(request);

        var answer = await _developer.CallAsync("GET", $"environments/{request["environmentId"]}/activity");

        Assert.Equal(["request.approve", "environment.request"], answer.Is(HttpStatusCode.OK).Body["items"]!.AsArray().Select(item => (string?)item!["verb"]));
        Assert.Equal("Arif Santoso", (string?)answer.Body["items"]![0]!["actorName"]);
    }

    [Theory]
    [Negative("ListRollouts", "ListGenerations", "ListActivity", "ListInventory", "ListNotes", "ListPods", "ListEvents")]
    [InlineData("pods")]
    [InlineData("events")]
    [InlineData("rollouts")]
    [InlineData("generations")]
    [InlineData("activity")]
    [InlineData("inventory")]
    [InlineData("notes")]
    public async Task List_OfAnEnvironmentThatOneMayNotSee_IsNotFound(string list)
    {
        var request = await _developer.RequestAsync($"hidden-{list}");

        (await app.As("outsider").CallAsync("GET", $"environments/{request["environmentId"]}/{list}")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
        (await _developer.CallAsync("GET", $"environments/nothing/{list}")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
        (await _developer.CallAsync("GET", $"environments/{request["environmentId"]}/{list}?take=1")).Refuses(HttpStatusCode.BadRequest, "query.unknown");
    }
}
