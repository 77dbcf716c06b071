using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Testing;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

/// <summary>Return, retry, ownership, and what a deletion says about the data.</summary>
public class EnvironmentActionsApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    private const string Conflict = """{"kind":"Deployment","name":"gateway","manager":"kubectl-edit","choice":"takeOver"}""";

    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _developer = app.As("developer");
    private readonly HttpClient _approver = app.As("approver");

    [Fact]
    public async Task Return_ToTheFirstGeneration_IsARequestWithItsSpec()
    {
        var id = await ChangedAsync("return-good");

        var generations = (await _developer.CallAsync("GET", $"environments/{id}/generations")).Is(HttpStatusCode.OK).Body["items"]!.AsArray();
        var answer = await _developer.CallAsync("POST", $"environments/{id}/return", """{"generation":1,"reason":"It was better."}""");

        Assert.Equal([2L, 1L], generations.Select(item => (long)item!["number"]!));
        Assert.Equal(("request", "arif"), ((string?)generations[0]!["origin"], (string?)generations[0]!["madeBy"]));
        Assert.Equal(3, (int)generations[0]!["spec"]!["gateway"]!["scale"]!["max"]!);
        Assert.True((long)generations[0]!["request"]! > (long)generations[1]!["request"]!);
        Assert.Equal(("update", "It was better.", 2), ((string?)answer.Is(HttpStatusCode.Accepted).Body["kind"], (string?)answer.Body["reason"], (int)answer.Body["spec"]!["gateway"]!["scale"]!["max"]!));
        Assert.Equal($"/api/v1/requests/{answer.Body["id"]}", answer.Location!.OriginalString);
    }

    [Theory]
    [Negative("RequestReturn")]
    [InlineData("developer", """{"reason":"which?"}""", HttpStatusCode.BadRequest, "body.field.missing")]
    [InlineData("developer", """{"generation":"1"}""", HttpStatusCode.BadRequest, "spec.unreadable")]
    [InlineData("developer", """{"generation":1.5}""", HttpStatusCode.BadRequest, "spec.unreadable")]
    [InlineData("developer", """{"generation":99999999999999999999}""", HttpStatusCode.BadRequest, "spec.unreadable")]
    [InlineData("developer", """{"generation":1,"force":"yes"}""", HttpStatusCode.BadRequest, "body.field.unknown")]
    [InlineData("developer", """{"generation":1,"reason":"\u0000"}""", HttpStatusCode.UnprocessableEntity, "text.characters")]
    [InlineData("developer", """{"generation":7}""", HttpStatusCode.NotFound, "environment.generation.unknown")]
    [InlineData("developer", """{"generation":2}""", HttpStatusCode.Conflict, "request.no-change")]
    [InlineData("approver", """{"generation":1}""", HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", """{"generation":1}""", HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Return_ThatIsNotAllowed_IsRefused(string persona, string body, HttpStatusCode status, string code)
    {
        var id = await ChangedAsync($"return-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("POST", $"environments/{id}/return", body)).Refuses(status, code);
    }

    [Fact]
    public async Task Retry_OfAStuckOne_TriesAgain()
    {
        var id = await ApprovedAsync("retry-good");
        await StageAsync(id, status => status with
        {
            Phase = EnvironmentPhase.Stuck,
            Components = [new(Component.MySql, HealthStatus.Degraded, "Its image cannot be pulled.", s_now, "Correct the image.", s_now)],
        });
        var stuck = (await _developer.CallAsync("GET", $"environments/{id}")).Is(HttpStatusCode.OK).Body["components"]![0]!;

        var answer = await _developer.CallAsync("POST", $"environments/{id}/retry");

        Assert.Equal(("Correct the image.", s_now), ((string?)stuck["nextStep"], (DateTimeOffset)stuck["deadline"]!));
        Assert.Equal("provisioning", (string?)answer.Is(HttpStatusCode.Accepted).Body["phase"]);
        Assert.Equal($"/api/v1/environments/{id}", answer.Location!.OriginalString);
        Assert.Contains(app.Trigger.Woken, woken => woken.ToString() == id);
    }

    [Theory]
    [Negative("RetryRollout")]
    [InlineData("developer", false, HttpStatusCode.Conflict, "environment.retry.nothing")]
    [InlineData("approver", true, HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", true, HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Retry_ThatIsNotAllowed_IsRefused(string persona, bool stuck, HttpStatusCode status, string code)
    {
        var id = await ApprovedAsync($"retry-{Guid.NewGuid().ToString("N")[..8]}");
        await StageAsync(id, was => was with { Phase = stuck ? EnvironmentPhase.Stuck : EnvironmentPhase.Ready });

        (await app.As(persona).CallAsync("POST", $"environments/{id}/retry")).Refuses(status, code);
        (await app.As(persona).CallAsync("POST", "environments/nothing/retry")).Refuses(HttpStatusCode.NotFound, "environment.not-found");
    }

    [Fact]
    public async Task Ownership_AboutAConflict_Stands()
    {
        var id = await ConflictedAsync("own-good");
        var before = (await _developer.CallAsync("GET", $"environments/{id}")).Is(HttpStatusCode.OK).Body["conflicts"]![0]!;

        var answer = await _developer.CallAsync("POST", $"environments/{id}/ownership", Conflict);

        Assert.Null(before["choice"]);
        Assert.Equal([".spec.replicas"], before["fields"]!.AsArray().Select(field => (string?)field));
        var after = answer.Is(HttpStatusCode.OK).Body["conflicts"]![0]!;
        Assert.Equal(("takeOver", "dewi"), ((string?)after["choice"], (string?)after["decidedBy"]));
    }

    [Theory]
    [Negative("DecideOwnership")]
    [InlineData("developer", """{"kind":"Deployment","name":"gateway","manager":"kubectl-edit"}""", HttpStatusCode.BadRequest, "body.field.missing")]
    [InlineData("developer", """{"kind":"Deployment","name":"gateway","manager":"kubectl-edit","choice":"fight"}""", HttpStatusCode.BadRequest, "environment.ownership.choice")]
    [InlineData("developer", """{"kind":"Deployment","name":"gateway","manager":7,"choice":"leave"}""", HttpStatusCode.BadRequest, "spec.unreadable")]
    [InlineData("developer", """{"kind":"Deployment","name":"gateway","manager":"somebody","choice":"leave"}""", HttpStatusCode.NotFound, "environment.ownership.unknown")]
    [InlineData("approver", Conflict, HttpStatusCode.Forbidden, "access.member")]
    [InlineData("outsider", Conflict, HttpStatusCode.NotFound, "environment.not-found")]
    public async Task Ownership_ThatIsNotAllowed_IsRefused(string persona, string body, HttpStatusCode status, string code)
    {
        var id = await ConflictedAsync($"own-{Guid.NewGuid().ToString("N")[..8]}");

        (await app.As(persona).CallAsync("POST", $"environments/{id}/ownership", body)).Refuses(status, code);
    }

    [Theory]
    [InlineData("", "delete")]
    [InlineData("&data=delete", "delete")]
    [InlineData("&data=keep", "keep")]
    [InlineData("&data=backup", "backup")]
    public async Task Delete_SaysWhatBecomesOfTheData(string query, string data)
    {
        var name = $"data-{Guid.NewGuid().ToString("N")[..8]}";
        var id = await ApprovedAsync(name);

        var answer = await _developer.CallAsync("DELETE", $"environments/{id}?confirm={name}{query}");

        Assert.Equal(data, (string?)answer.Is(HttpStatusCode.Accepted).Body["data"]);
        Assert.Null((await _developer.RequestAsync(name + "2"))["data"]);
    }

    [Fact]
    [Negative("RequestDeletion")]
    public async Task Delete_WithAnUnknownWordForTheData_IsMalformedAndDeletesNothing()
    {
        var id = await ApprovedAsync("data-bad");

        var answer = (await _developer.CallAsync("DELETE", $"environments/{id}?confirm=data-bad&data=burn")).Refuses(HttpStatusCode.BadRequest, "environment.data.unknown");

        Assert.Equal(["data"], answer.Fields);
        Assert.Equal("provisioning", (string?)(await _developer.CallAsync("GET", $"environments/{id}")).Body["phase"]);
    }

    [Fact]
    public async Task Delete_WithALastBackupOfAPausedOne_IsAConflictAndKeepingTheVolumesIsNot()
    {
        var id = await ApprovedAsync("data-paused");
        (await _developer.CallAsync("POST", $"environments/{id}/operations", """{"operation":"pause"}""")).Is(HttpStatusCode.Accepted);

        var refused = (await _developer.CallAsync("DELETE", $"environments/{id}?confirm=data-paused&data=backup")).Refuses(HttpStatusCode.Conflict, "environment.data.backup");

        Assert.Equal(["data"], refused.Fields);
        (await _developer.CallAsync("DELETE", $"environments/{id}?confirm=data-paused&data=keep")).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Rollouts_OfADeletedOne_HoldTheProof()
    {
        var id = await ApprovedAsync("proof");
        (await _developer.CallAsync("DELETE", $"environments/{id}?confirm=proof&data=keep")).Is(HttpStatusCode.Accepted);
        await StageAsync(id, status => status with { Phase = EnvironmentPhase.Deleted }, rollout => rollout with
        {
            FinishedAt = s_now,
            Outcome = RolloutOutcome.Succeeded,
            Message = "All gone.",
            Removal = new([new(Component.MySql, "StatefulSet", "payments-proof", "mysql", "1b4e28ba", s_now)], [new("pvc-7", "data-mysql-0", "10Gi")], "dumps/proof.sql.gz", s_now),
        });

        var rollout = (await _developer.CallAsync("GET", $"environments/{id}/rollouts")).Is(HttpStatusCode.OK).Body["items"]![0]!;

        var removal = rollout["removal"]!;
        Assert.Equal("All gone.", (string?)rollout["message"]);
        Assert.Equal(("mysql", "StatefulSet", "mysql", "1b4e28ba", s_now), (
            (string?)removal["removed"]![0]!["component"], (string?)removal["removed"]![0]!["kind"], (string?)removal["removed"]![0]!["name"],
            (string?)removal["removed"]![0]!["uid"], (DateTimeOffset)removal["removed"]![0]!["goneAt"]!));
        Assert.Equal(("pvc-7", "data-mysql-0", "10Gi"), (
            (string?)removal["keptVolumes"]![0]!["volume"], (string?)removal["keptVolumes"]![0]!["claim"], (string?)removal["keptVolumes"]![0]!["size"]));
        Assert.Equal(("dumps/proof.sql.gz", s_now), ((string?)removal["backup"], (DateTimeOffset)removal["verifiedAt"]!));
    }

    [Fact]
    public async Task Document_NamesTheActionsAndTheWordsForTheData()
    {
        var paths = (await app.Anonymous().CallAsync("GET", "/openapi/v1.json")).Body["paths"]!;

        Assert.NotNull(paths["/api/v1/environments/{id}/generations"]!["get"]);
        Assert.All((string[])["return", "retry", "ownership"], action => Assert.NotNull(paths[$"/api/v1/environments/{{id}}/{action}"]!["post"]));
        var data = paths["/api/v1/environments/{id}"]!["delete"]!["parameters"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "data")!;
        Assert.Equal(["delete", "keep", "backup"], data["schema"]!["enum"]!.AsArray().Select(word => (string?)word));
    }

    private async Task<string> ApprovedAsync(string name)
    {
        var request = await _developer.RequestAsync(name);
        (await _approver.DecideAsync(request)).Is(HttpStatusCode.OK);
        return (string)request["environmentId"]!;
    }

    private async Task<string> ChangedAsync(string name)
    {
        var id = await ApprovedAsync(name);
        var change = await _developer.CallAsync("PATCH", $"environments/{id}", """{"spec":{"gateway":{"scale":{"max":3}}}}""");
        (await _approver.DecideAsync(change.Is(HttpStatusCode.Accepted).Body)).Is(HttpStatusCode.OK);
        return id;
    }

    private async Task<string> ConflictedAsync(string name)
    {
        var id = await ApprovedAsync(name);
        await StageAsync(id, status => status with { Conflicts = [new(Component.Gateway, "Deployment", "gateway", "kubectl-edit", [".spec.replicas"], null)] });
        return id;
    }

    private Task<Rollout> StageAsync(string id, Func<EnvironmentStatus, EnvironmentStatus> status, Func<Rollout, Rollout>? rollout = null) =>
        app.Services.GetRequiredService<IReconcileStore>().StageAsync(EnvironmentId.Parse(id)!.Value, s_now, status, rollout);
}
