using System.Net;
using System.Text.Json.Nodes;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

/// <summary>A restore of another environment's backup over REST, where the settings name an object store.</summary>
public class RestoreFromElsewhereApiTests(RestoreFromElsewhereApiTests.AppWithStore app) : IClassFixture<RestoreFromElsewhereApiTests.AppWithStore>
{
    private readonly HttpClient _developer = app.As("developer");

    public sealed class AppWithStore : PortalApp
    {
        public AppWithStore()
        {
            Settings["Platform:ObjectStore:Endpoint"] = "https://objects.example";
            Settings["Platform:ObjectStore:Bucket"] = "backups";
        }
    }

    [Fact]
    public async Task Restore_FromOneOfTheChoices_IsARequestThatNamesIt()
    {
        var (shop, live) = (await ApprovedAsync("re-shop", "development"), await ApprovedAsync("re-live", "production"));

        var offers = (await _developer.CallAsync("GET", $"environments/{shop}/operations")).Is(HttpStatusCode.OK).Body["items"]!.AsArray();
        var choice = offers.Single(offer => (string?)offer!["operation"] == "restore")!["values"]!.AsArray().Single(value => (string?)value!["name"] == "from")!["choices"]!.AsArray().Single(source => (string?)source!["id"] == live)!;
        Assert.Equal(("re-live", "production", true), ((string?)choice["name"], (string?)choice["purpose"], (bool)choice["needsApproval"]!));

        var answer = (await _developer.CallAsync("POST", $"environments/{shop}/operations", $$$"""{"operation":"restore","confirm":"re-shop","values":{"from":"{{{live}}}"}}""")).Is(HttpStatusCode.Accepted).Body;

        Assert.Equal("pending", (string?)answer["state"]);
        Assert.Equal(live, (string?)answer["spec"]!["dayTwo"]!["restore"]!["from"]!["environment"]);
        Assert.Contains("of re-live of team payments (production)", (string?)answer["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_FromItself_IsRefusedAtTheField()
    {
        var id = await ApprovedAsync("re-self", "development");

        var refused = (await _developer.CallAsync("POST", $"environments/{id}/operations", $$$"""{"operation":"restore","confirm":"re-self","values":{"from":"{{{id}}}"}}"""));

        refused.Refuses(HttpStatusCode.UnprocessableEntity, "operation.restore.from");
        Assert.Equal("from", (string?)refused.Body["errors"]![0]!["field"]);
    }

    private async Task<string> ApprovedAsync(string name, string purpose)
    {
        JsonNode requested = (await _developer.CallAsync("POST", "environments", $$"""{"team":"payments","name":"{{name}}","preset":"small","purpose":"{{purpose}}"}""")).Is(HttpStatusCode.Accepted).Body;
        (await app.As("approver").CallAsync("POST", $"requests/{requested["id"]}/decisions", """{"verdict":"approve"}""")).Is(HttpStatusCode.OK);
        return (string)requested["environmentId"]!;
    }
}
