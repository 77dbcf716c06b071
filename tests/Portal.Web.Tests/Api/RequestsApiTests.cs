using System.Net;
using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class RequestsApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    private readonly HttpClient _developer = app.As("developer");
    private readonly HttpClient _approver = app.As("approver");
    private readonly HttpClient _admin = app.As("admin");
    private readonly HttpClient _outsider = app.As("outsider");

    [Fact]
    public async Task List_FiltersByStateSubmitterAndEnvironment()
    {
        var request = await _developer.RequestAsync("list-requests");

        var mine = (await _developer.CallAsync("GET", $"requests?mine=true&state=pending&environment={request["environmentId"]}")).Is(HttpStatusCode.OK).Body;
        var waiting = (await _approver.CallAsync("GET", "requests?waiting=true&take=200")).Is(HttpStatusCode.OK).Body;

        Assert.Equal((long)request["id"]!, (long)Assert.Single(mine["items"]!.AsArray())!["id"]!);
        Assert.Contains(waiting["items"]!.AsArray(), item => (long)item!["id"]! == (long)request["id"]!);
        Assert.Equal(0, (int)(await _developer.CallAsync("GET", "requests?waiting=true")).Body["total"]!);
    }

    [Theory]
    [Negative("ListRequests")]
    [InlineData("state=open", "query.unreadable")]
    [InlineData("environment=7", "query.unreadable")]
    [InlineData("waiting=true&mine=true", "query.unreadable")]
    [InlineData("sort=id", "query.unknown")]
    public async Task List_WithABadParameter_IsMalformed(string query, string code) =>
        (await _developer.CallAsync("GET", $"requests?{query}")).Refuses(HttpStatusCode.BadRequest, code);

    [Fact]
    [Negative("ListRequests", "GetRequest", "DecideRequest", "WithdrawRequest")]
    public async Task Request_OfAnotherTeam_DoesNotExist()
    {
        var request = await _developer.RequestAsync("hidden-request");
        var path = $"requests/{request["id"]}";

        Assert.Equal(0, (int)(await _outsider.CallAsync("GET", "requests")).Body["total"]!);
        (await _outsider.CallAsync("GET", path)).Refuses(HttpStatusCode.NotFound, "request.not-found");
        (await _outsider.CallAsync("POST", $"{path}/decisions", """{"verdict":"approve"}""")).Refuses(HttpStatusCode.NotFound, "request.not-found");
        (await _outsider.CallAsync("POST", $"{path}/withdrawal")).Refuses(HttpStatusCode.NotFound, "request.not-found");
    }

    [Fact]
    public async Task Get_PlanWithChangesAndProblems_TellsThemFieldByField()
    {
        var normal = app.Planner.Answer;
        app.Planner.Answer = _ => new Plan(
            [
                new(PlanAction.Replace, Component.Gateway, "apps/v1", "Deployment", "ns", "gateway")
                {
                    Changes = [new("spec.selector.matchLabels.app", "a", null)],
                    Reason = "spec.selector cannot change once a Deployment exists.",
                },
            ],
            [])
        {
            Problems = [new("Service/ns/gateway", "exceeded quota: theirs", "Ask for less.")],
        };
        try
        {
            var request = await _developer.RequestAsync("plan-in-full");

            var plan = (await _approver.CallAsync("GET", $"requests/{request["id"]}")).Is(HttpStatusCode.OK).Body["plan"]!;

            var entry = plan["entries"]!.AsArray().Single()!;
            Assert.Equal(("replace", "gateway"), ((string?)entry["action"], (string?)entry["component"]));
            Assert.Equal("""[{"path":"spec.selector.matchLabels.app","before":"a","after":null}]""", entry["changes"]!.ToJsonString());
            Assert.StartsWith("spec.selector", (string?)entry["reason"], StringComparison.Ordinal);
            Assert.Equal("""[{"object":"Service/ns/gateway","message":"exceeded quota: theirs","nextStep":"Ask for less."}]""", plan["problems"]!.ToJsonString());
        }
        finally
        {
            app.Planner.Answer = normal;
        }
    }

    [Theory]
    [Negative("GetRequest")]
    [InlineData("999999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    public async Task Get_OfNoRequest_IsNotFound(string id) =>
        (await _approver.CallAsync("GET", $"requests/{id}")).Refuses(HttpStatusCode.NotFound, "request.not-found");

    [Fact]
    public async Task Decide_WithTheHashThatWasSeen_ApprovesAndWakesTheReconciler()
    {
        var request = await _developer.RequestAsync("approve-good");

        var answer = await _approver.DecideAsync(request, $$"""{"verdict":"approve","comment":"fine","contentHash":"{{request["contentHash"]}}"}""");

        Assert.Equal("approved", (string?)answer.Is(HttpStatusCode.OK).Body["state"]);
        Assert.Equal("fine", (string?)answer.Body["decisions"]![0]!["comment"]);
        Assert.Contains(app.Trigger.Woken, id => id.ToString() == (string?)request["environmentId"]);
    }

    [Fact]
    public async Task Decide_Reject_FreesTheName()
    {
        var request = await _developer.RequestAsync("reject-good");

        var answer = await _approver.DecideAsync(request, """{"verdict":"reject","comment":"too much"}""");

        Assert.Equal("rejected", (string?)answer.Is(HttpStatusCode.OK).Body["state"]);
        await _developer.RequestAsync("reject-good");
    }

    [Theory]
    [Negative("DecideRequest")]
    [InlineData("approver", """{"verdict":"maybe"}""", HttpStatusCode.BadRequest, "request.verdict")]
    [InlineData("approver", """{"comment":"x"}""", HttpStatusCode.BadRequest, "body.field.missing")]
    [InlineData("approver", """{"verdict":"approve","by":"me"}""", HttpStatusCode.BadRequest, "body.field.unknown")]
    [InlineData("approver", """{"verdict":"reject"}""", HttpStatusCode.UnprocessableEntity, "request.comment")]
    [InlineData("approver", """{"verdict":"approve","contentHash":"0000"}""", HttpStatusCode.Conflict, "request.content-changed")]
    [InlineData("developer", """{"verdict":"approve"}""", HttpStatusCode.Forbidden, "access.approver")]
    public async Task Decide_ThatIsNotAllowed_IsRefusedAndChangesNothing(string persona, string body, HttpStatusCode status, string code)
    {
        var request = await _developer.RequestAsync($"decide-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).DecideAsync(request, body)).Refuses(status, code);

        Assert.Equal("pending", (string?)(await _developer.CallAsync("GET", $"requests/{request["id"]}")).Body["state"]);
    }

    [Fact]
    [Negative("DecideRequest")]
    public async Task Decide_OnOnesOwnRequest_IsForbidden()
    {
        var submitted = await _admin.CallAsync("POST", "environments", """{"team":"payments","name":"four-eyes","preset":"small"}""");

        (await _admin.DecideAsync(submitted.Is(HttpStatusCode.Accepted).Body)).Refuses(HttpStatusCode.Forbidden, "access.own-request");
    }

    [Fact]
    [Negative("DecideRequest")]
    public async Task Decide_Twice_IsAConflict()
    {
        var request = await _developer.RequestAsync("twice");
        (await _approver.DecideAsync(request)).Is(HttpStatusCode.OK);

        (await _approver.DecideAsync(request)).Refuses(HttpStatusCode.Conflict, "request.closed");
        (await _admin.DecideAsync(request, """{"verdict":"reject"}""")).Refuses(HttpStatusCode.Conflict, "request.closed");
    }

    [Fact]
    public async Task Withdraw_ByTheSubmitter_ClosesTheRequest()
    {
        var request = await _developer.RequestAsync("withdraw-good");

        var answer = await _developer.CallAsync("POST", $"requests/{request["id"]}/withdrawal");

        Assert.Equal("withdrawn", (string?)answer.Is(HttpStatusCode.OK).Body["state"]);
    }

    [Fact]
    [Negative("WithdrawRequest")]
    public async Task Withdraw_BySomeoneElseOrTwice_IsRefused()
    {
        var request = await _developer.RequestAsync("withdraw-bad");
        var path = $"requests/{request["id"]}/withdrawal";

        (await _approver.CallAsync("POST", path)).Refuses(HttpStatusCode.Forbidden, "access.submitter");
        (await _developer.CallAsync("POST", path)).Is(HttpStatusCode.OK);
        (await _developer.CallAsync("POST", path)).Refuses(HttpStatusCode.Conflict, "request.closed");
    }
}
