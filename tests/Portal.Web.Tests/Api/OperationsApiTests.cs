using System.Net;
using System.Text.Json.Nodes;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class OperationsApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    private const string Restart = """{"operation":"restart","component":"gateway"}""";

    private readonly HttpClient _developer = app.As("developer");
    private readonly HttpClient _approver = app.As("approver");

    [Fact]
    public async Task List_OfARunningOne_SaysWhatCanBeDoneAndWhyNot()
    {
        var id = await ApprovedAsync("ops-list");

        var offers = (await _developer.CallAsync("GET", $"environments/{id}/operations")).Is(HttpStatusCode.OK).Body["items"]!.AsArray();

        var scale = Offer(offers, "scale", "gateway");
        Assert.Equal(["min", "max"], scale["values"]!.AsArray().Select(value => (string)value!["name"]!));
        Assert.True((bool)scale["needsApproval"]!);
        Assert.Null(Offer(offers, "restart", "gateway")["whyNot"]);
        var from = Offer(offers, "restore", null)["values"]!.AsArray().Single(value => (string?)value!["name"] == "from")!;
        Assert.Empty(from["choices"]!.AsArray());
        Assert.Contains("need an object store", (string?)from["note"], StringComparison.Ordinal);
        Assert.Equal("MySQL has no read replica.", (string?)Offer(offers, "removeReadReplica", null)["whyNot"]);
    }

    [Theory]
    [Negative("ListOperations")]
    [InlineData("outsider")]
    public async Task List_OfAnotherTeams_IsNotFound(string persona)
    {
        var id = await ApprovedAsync($"ops-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("GET", $"environments/{id}/operations")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
        (await app.As(persona).CallAsync("GET", "environments/nothing/operations")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
    }

    [Fact]
    public async Task Operation_ThatPolicyApproves_BeginsAtOnce()
    {
        var id = await ApprovedAsync("ops-restart");

        var answer = await _developer.CallAsync("POST", $"environments/{id}/operations", Restart);

        Assert.Equal(("approved", "Restart Gateway", 1), ((string?)answer.Is(HttpStatusCode.Accepted).Body["state"], (string?)answer.Body["reason"], (int)answer.Body["spec"]!["dayTwo"]!["restarts"]!["gateway"]!));
        var environment = (await _developer.CallAsync("GET", $"environments/{id}")).Body;
        Assert.Equal((2L, "updating"), ((long)environment["generation"]!, (string?)environment["phase"]));
        Assert.Contains(app.Trigger.Woken, woken => woken.ToString() == id);
    }

    [Fact]
    public async Task Operation_ThatTakesMoreRoom_WaitsForApproval()
    {
        var id = await ApprovedAsync("ops-scale");

        var answer = await _developer.CallAsync("POST", $"environments/{id}/operations", """{"operation":"scale","component":"gateway","values":{"min":2,"max":"4"},"reason":"Sale on Friday."}""");

        Assert.Equal(("pending", "Scale Gateway to 2 to 4: Sale on Friday."), ((string?)answer.Is(HttpStatusCode.Accepted).Body["state"], (string?)answer.Body["reason"]));
        Assert.Equal(1L, (long)(await _developer.CallAsync("GET", $"environments/{id}")).Body["generation"]!);
    }

    [Theory]
    [Negative("RequestOperation")]
    [InlineData("developer", """{"component":"gateway"}""", HttpStatusCode.BadRequest, "body.field.missing")]
    [InlineData("developer", """{"operation":"explode"}""", HttpStatusCode.BadRequest, "operation.unknown")]
    [InlineData("developer", """{"operation":"restart"}""", HttpStatusCode.BadRequest, "operation.component")]
    [InlineData("developer", """{"operation":"restart","component":"gateway","values":{"now":true}}""", HttpStatusCode.BadRequest, "operation.value.unknown")]
    [InlineData("developer", """{"operation":"scale","component":"gateway","values":{"min":1.5,"max":2}}""", HttpStatusCode.BadRequest, "operation.value")]
    [InlineData("developer", """{"operation":"scale","component":"gateway","values":{"min":5,"max":2}}""", HttpStatusCode.UnprocessableEntity, "spec.rule")]
    [InlineData("developer", """{"operation":"resizeVolume","component":"mysql","values":{"storageGiB":1}}""", HttpStatusCode.UnprocessableEntity, "spec.rule")]
    [InlineData("developer", """{"operation":"upgradeImage","component":"gateway","values":{"image":"app:latest"}}""", HttpStatusCode.UnprocessableEntity, "spec.rule")]
    [InlineData("developer", """{"operation":"removeReadReplica"}""", HttpStatusCode.Conflict, "operation.not-now")]
    [InlineData("developer", """{"operation":"wake"}""", HttpStatusCode.Conflict, "operation.not-now")]
    [InlineData("developer", """{"operation":"restore","confirm":"other"}""", HttpStatusCode.UnprocessableEntity, "operation.confirmation")]
    [InlineData("developer", """{"operation":"restore","confirm":"shop","values":{"from":"shop"}}""", HttpStatusCode.BadRequest, "operation.value")]
    [InlineData("developer", """{"operation":"restore","confirm":"shop","values":{"from":"01990000-0000-7000-8000-000000000009"}}""", HttpStatusCode.UnprocessableEntity, "operation.restore.store")]
    [InlineData("approver", Restart, HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", Restart, HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Operation_ThatIsNotAllowed_IsRefused(string persona, string body, HttpStatusCode status, string code)
    {
        var id = await ApprovedAsync($"ops-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("POST", $"environments/{id}/operations", body)).Refuses(status, code);
    }

    [Fact]
    public async Task Operation_BeforeTheFirstApproval_IsRefused()
    {
        var requested = (await _developer.CallAsync("POST", "environments", """{"team":"payments","name":"ops-early","preset":"small"}""")).Is(HttpStatusCode.Accepted).Body;

        (await _developer.CallAsync("POST", $"environments/{requested["environmentId"]}/operations", Restart)).Refuses(HttpStatusCode.Conflict, "operation.not-now");
    }

    private static JsonNode Offer(JsonArray offers, string operation, string? component) =>
        Assert.Single(offers, offer => (string?)offer!["operation"] == operation && (string?)offer["component"] == component)!;

    private async Task<string> ApprovedAsync(string name)
    {
        var requested = (await _developer.CallAsync("POST", "environments", $$"""{"team":"payments","name":"{{name}}","preset":"small"}""")).Is(HttpStatusCode.Accepted).Body;
        (await _approver.CallAsync("POST", $"requests/{requested["id"]}/decisions", """{"verdict":"approve"}""")).Is(HttpStatusCode.OK);
        return (string)requested["environmentId"]!;
    }
}
