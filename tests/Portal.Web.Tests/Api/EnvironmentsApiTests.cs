using System.Net;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class EnvironmentsApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    private const string Nowhere = "environments/00000000-0000-0000-0000-000000000001";

    private readonly HttpClient _developer = app.As("developer");
    private readonly HttpClient _approver = app.As("approver");
    private readonly HttpClient _outsider = app.As("outsider");

    [Fact]
    public async Task Create_WithPresetAndOverrides_IsAcceptedWithTheRequest()
    {
        var answer = await _developer.CallAsync("POST", "environments",
            """{"team":"payments","name":"create-good","preset":"small","purpose":"staging","reason":"a try","hostName":"pay.example.org","spec":{"mySql":{"storageGiB":33}}}""");

        answer.Is(HttpStatusCode.Accepted);
        Assert.Equal($"/api/v1/requests/{answer.Body["id"]}", answer.Location!.OriginalString);
        Assert.Equal("pending", (string?)answer.Body["state"]);
        Assert.Equal("a try", (string?)answer.Body["reason"]);
        Assert.Equal(33, (int)answer.Body["spec"]!["mySql"]!["storageGiB"]!);
        Assert.Equal("staging", (string?)answer.Body["spec"]!["purpose"]);
        Assert.Equal("pay.example.org", (string?)answer.Body["spec"]!["hostName"]);
        Assert.NotEmpty(answer.Body["plan"]!["entries"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await _developer.CallAsync("GET", answer.Location.OriginalString)).Status);
    }

    [Theory]
    [Negative("RequestEnvironment")]
    [InlineData("""{"team":"payments",""", "body.json", null)]
    [InlineData("""[]""", "body.object", null)]
    [InlineData("""null""", "body.object", null)]
    [InlineData("""{"team":"payments","team":"storefront","name":"x1","preset":"small"}""", "body.json", null)]
    [InlineData("""{"team":"payments","name":"x1"}""", "body.field.missing", "preset")]
    [InlineData("""{"team":"payments","name":7,"preset":"small"}""", "spec.unreadable", "name")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","size":1}""", "body.field.unknown", "size")]
    [InlineData("""{"team":"payments","name":"x1","preset":"tiny"}""", "spec.preset.unknown", "preset")]
    [InlineData("""{"team":"payments","name":"x1","preset":"1"}""", "spec.preset.unknown", "preset")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","purpose":"fun"}""", "spec.unreadable", "purpose")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":[]}""", "spec.unreadable", "spec")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":{"databases":{}}}""", "spec.field.unknown", "databases")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":{"mySql":{"storageGiB":"big"}}}""", "spec.unreadable", "mySql.storageGiB")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":{"mySql":{"storageGiB":99999999999}}}""", "spec.unreadable", "mySql.storageGiB")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":{"mySql":null}}""", "spec.unreadable", "mySql")]
    [InlineData("""{"team":"payments","name":"x1","preset":"small","spec":{"loadBalancer":{"waf":"off-ish"}}}""", "spec.unreadable", "loadBalancer.waf")]
    public async Task Create_WithWhatCannotBeRead_IsMalformed(string body, string code, string? field)
    {
        var answer = (await _developer.CallAsync("POST", "environments", body)).Refuses(HttpStatusCode.BadRequest, code);

        Assert.Contains(field, answer.Fields);
    }

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_BreakingSeveralRules_IsInvalidWithEveryField()
    {
        var answer = await _developer.CallAsync("POST", "environments",
            """{"team":"payments","name":"Bad_Name","preset":"small","spec":{"mySql":{"storageGiB":-1},"frontend":{"scale":{"min":1000000}}}}""");

        answer.Refuses(HttpStatusCode.UnprocessableEntity, "environment.name.invalid");
        Assert.Contains("name", answer.Fields);
        Assert.Contains("mySql.storageGiB", answer.Fields);
        Assert.Contains("frontend.scale.min", answer.Fields);
        Assert.DoesNotContain("hostName", answer.Fields);
    }

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_OnAClusterThatGivesNoVolumes_IsInvalidAtTheFieldInTheWordsOfThePlan()
    {
        var normal = app.Planner.Answer;
        app.Planner.Answer = _ => new Error("plan.no-storage", ErrorKind.Invalid, "Cluster default has no default storage class.", "preset");
        try
        {
            var answer = (await _developer.CallAsync("POST", "environments", """{"team":"payments","name":"no-storage","preset":"small"}"""))
                .Refuses(HttpStatusCode.UnprocessableEntity, "plan.no-storage");

            Assert.Contains("preset", answer.Fields);
            Assert.Contains("Cluster default has no default storage class.", answer.Body.ToJsonString(), StringComparison.Ordinal);
        }
        finally
        {
            app.Planner.Answer = normal;
        }
    }

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_WithATakenName_IsAConflict()
    {
        await _developer.RequestAsync("taken");

        (await _developer.CallAsync("POST", "environments", """{"team":"payments","name":"taken","preset":"small"}"""))
            .Refuses(HttpStatusCode.Conflict, "environment.name.taken");
    }

    [Theory]
    [Negative("RequestEnvironment")]
    [InlineData("outsider", "payments", HttpStatusCode.NotFound, "team.unknown")]
    [InlineData("developer", "nobody", HttpStatusCode.NotFound, "team.unknown")]
    [InlineData("approver", "payments", HttpStatusCode.Forbidden, "access.member")]
    public async Task Create_ForATeamThatIsNotOnes_IsRefused(string persona, string team, HttpStatusCode status, string code) =>
        (await app.As(persona).CallAsync("POST", "environments", $$"""{"team":"{{team}}","name":"not-mine","preset":"small"}""")).Refuses(status, code);

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_WhileTheClusterIsAway_IsUnavailableAndSavesNothing()
    {
        var normal = app.Planner.Answer;
        app.Planner.Answer = _ => new Error("cluster.unavailable", ErrorKind.Unavailable, "The cluster does not answer.");
        try
        {
            (await _developer.CallAsync("POST", "environments", """{"team":"payments","name":"away","preset":"small"}"""))
                .Refuses(HttpStatusCode.ServiceUnavailable, "cluster.unavailable");
        }
        finally
        {
            app.Planner.Answer = normal;
        }

        Assert.Equal(0, (int)(await _developer.CallAsync("GET", "environments?search=away")).Body["total"]!);
    }

    [Fact]
    public async Task Create_WhenSomethingBreaks_IsABugWithAnIdAndNoDetail()
    {
        var normal = app.Planner.Answer;
        app.Planner.Answer = _ => throw new InvalidOperationException("secret detail");
        try
        {
            var answer = await _developer.CallAsync("POST", "environments", """{"team":"payments","name":"bug","preset":"small"}""");
            answer.Refuses(HttpStatusCode.InternalServerError, "internal");
            Assert.DoesNotContain("secret", answer.Body.ToJsonString(), StringComparison.Ordinal);
        }
        finally
        {
            app.Planner.Answer = normal;
        }
    }

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_WithAHugeBody_IsTooLarge()
    {
        await using var server = new PortalApp();
        server.UseKestrel(0);
        server.StartServer();
        using var client = server.As("developer");

        var answer = await client.CallAsync("POST", "environments", $$"""{"team":"{{new string('x', 300_000)}}"}""");

        answer.Refuses(HttpStatusCode.RequestEntityTooLarge, "body.too-large");
    }

    [Fact]
    [Negative("RequestEnvironment")]
    public async Task Create_WithAForm_IsAnUnsupportedMediaType()
    {
        using var form = new FormUrlEncodedContent([new("team", "payments")]);
        using var response = await _developer.PostAsync(new Uri("/api/v1/environments", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task List_PagesAndFilters()
    {
        await _developer.RequestAsync("list-one");
        await _developer.RequestAsync("list-two");

        var first = (await _developer.CallAsync("GET", "environments?search=list-&take=1")).Is(HttpStatusCode.OK).Body;
        var second = (await _developer.CallAsync("GET", "environments?search=list-&take=1&skip=1&phase=requested&team=payments")).Is(HttpStatusCode.OK).Body;

        Assert.Equal(2, (int)first["total"]!);
        Assert.Equal("list-two", (string?)Assert.Single(first["items"]!.AsArray())!["name"]);
        Assert.Equal("list-one", (string?)Assert.Single(second["items"]!.AsArray())!["name"]);
        Assert.Equal("requested", (string?)second["items"]![0]!["phase"]);
    }

    [Theory]
    [Negative("ListEnvironments")]
    [InlineData("take=0", "query.unreadable", "1 to 200")]
    [InlineData("take=201", "query.unreadable", "1 to 200")]
    [InlineData("skip=-1", "query.unreadable", "a whole number")]
    [InlineData("take=ten", "query.unreadable", "1 to 200")]
    [InlineData("phase=gone", "query.unreadable", "provisioning")]
    [InlineData("phase=1", "query.unreadable", "provisioning")]
    [InlineData("includeDeleted=maybe", "query.unreadable", "true or false")]
    [InlineData("tke=5", "query.unknown", "take")]
    public async Task List_WithABadParameter_IsMalformedAndNamesWhatIsAllowed(string query, string code, string allowed)
    {
        var answer = (await _developer.CallAsync("GET", $"environments?{query}")).Refuses(HttpStatusCode.BadRequest, code);

        Assert.Contains(query.Split('=')[0], answer.Fields);
        Assert.Contains(allowed, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Negative("ListEnvironments", "GetEnvironment")]
    public async Task Read_ByAnOutsider_ShowsNothing()
    {
        var request = await _developer.RequestAsync("hidden");

        Assert.Equal(0, (int)(await _outsider.CallAsync("GET", "environments?search=hidden")).Body["total"]!);
        (await _outsider.CallAsync("GET", $"environments/{request["environmentId"]}")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
        (await _outsider.CallAsync("GET", Nowhere)).Refuses(HttpStatusCode.NotFound, "environment.not-found");
        (await _developer.CallAsync("GET", "environments/not-an-id")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
    }

    [Fact]
    public async Task Get_OfARequestedOne_HasSpecAndOpenRequest()
    {
        var request = await _developer.RequestAsync("detail");

        var body = (await _developer.CallAsync("GET", $"environments/{request["environmentId"]}")).Is(HttpStatusCode.OK).Body;

        Assert.Equal("payments-detail", (string?)body["namespace"]);
        Assert.Equal((long)request["id"]!, (long)body["openRequest"]!);
        Assert.Equal("small", (string?)body["spec"]!["preset"]);
    }

    [Fact]
    public async Task Change_OfAnApprovedOne_IsAcceptedAsARequest()
    {
        var id = await ApprovedAsync("change-good");

        var answer = await _developer.CallAsync("PATCH", $"environments/{id}", """{"spec":{"gateway":{"scale":{"max":3}}},"reason":"more"}""");

        answer.Is(HttpStatusCode.Accepted);
        Assert.Equal("update", (string?)answer.Body["kind"]);
        Assert.Equal(3, (int)answer.Body["spec"]!["gateway"]!["scale"]!["max"]!);
    }

    [Theory]
    [Negative("RequestChange")]
    [InlineData("developer", """{"reason":"no spec"}""", HttpStatusCode.BadRequest, "body.field.missing")]
    [InlineData("developer", """{"spec":{"gateways":{}}}""", HttpStatusCode.BadRequest, "spec.field.unknown")]
    [InlineData("developer", """{"spec":{"mySql":{"storageGiB":1}}}""", HttpStatusCode.UnprocessableEntity, "spec.rule")]
    [InlineData("developer", """{"spec":{}}""", HttpStatusCode.Conflict, "request.no-change")]
    [InlineData("approver", """{"spec":{"gateway":{"scale":{"max":3}}}}""", HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", """{"spec":{"gateway":{"scale":{"max":3}}}}""", HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Change_ThatIsNotAllowed_IsRefused(string persona, string body, HttpStatusCode status, string code)
    {
        var id = await ApprovedAsync($"change-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("PATCH", $"environments/{id}", body)).Refuses(status, code);
    }

    [Fact]
    [Negative("RequestChange")]
    public async Task Change_WhileARequestIsOpen_IsAConflict()
    {
        var request = await _developer.RequestAsync("change-open");

        (await _developer.CallAsync("PATCH", $"environments/{request["environmentId"]}", """{"spec":{"gateway":{"scale":{"max":3}}}}"""))
            .Refuses(HttpStatusCode.Conflict, "request.pending");
    }

    [Fact]
    public async Task Delete_OfADevelopmentOne_IsApprovedByPolicyAndOnlyOnce()
    {
        var id = await ApprovedAsync("delete-good");

        var first = await _developer.CallAsync("DELETE", $"environments/{id}?confirm=delete-good");
        var second = await _developer.CallAsync("DELETE", $"environments/{id}?confirm=delete-good");

        Assert.Equal("approved", (string?)first.Is(HttpStatusCode.Accepted).Body["state"]);
        Assert.Null(first.Body["spec"]);
        second.Refuses(HttpStatusCode.Conflict, "environment.deleting");
        Assert.Contains(app.Trigger.Woken, woken => woken.ToString() == id);
    }

    [Theory]
    [Negative("RequestDeletion")]
    [InlineData("developer", "?confirm=other", HttpStatusCode.UnprocessableEntity, "request.confirmation")]
    [InlineData("developer", "", HttpStatusCode.UnprocessableEntity, "request.confirmation")]
    [InlineData("developer", "?confrm=x", HttpStatusCode.BadRequest, "query.unknown")]
    [InlineData("approver", "?confirm=x", HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", "?confirm=x", HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Delete_ThatIsNotAllowed_IsRefused(string persona, string query, HttpStatusCode status, string code)
    {
        var id = await ApprovedAsync($"delete-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("DELETE", $"environments/{id}{query}")).Refuses(status, code);
    }

    private async Task<string> ApprovedAsync(string name)
    {
        var request = await _developer.RequestAsync(name);
        (await _approver.DecideAsync(request)).Is(HttpStatusCode.OK);
        return (string)request["environmentId"]!;
    }
}
