using System.Net;
using System.Text.Json.Nodes;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class OpenApiDocumentTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Document_IsServedToAnyone_AndEveryReferenceInItLeadsSomewhere()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.", (string)document["openapi"]!, StringComparison.Ordinal);
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["Bearer"]!["scheme"]);
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Follow(document, reference)));
    }

    [Fact]
    public async Task EveryOperation_SaysWhatItDoesAndHowItRefuses()
    {
        var operations = (await DocumentAsync())["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => operation.Value!)).ToList();

        Assert.True(operations.Count >= 21);
        Assert.Equal(operations.Count, operations.Select(operation => (string?)operation["operationId"]).Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]));
            foreach (var status in (string[])["400", "401", "429", "500"])
            {
                Assert.NotNull(operation["responses"]![status]!["content"]!["application/problem+json"]);
            }
        });
    }

    [Fact]
    public async Task Parameters_NameTheirWords_AndBodiesTheirFields()
    {
        var document = await DocumentAsync();

        var phase = document["paths"]!["/api/v1/environments"]!["get"]!["parameters"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "phase")!;
        Assert.Contains("provisioning", phase["schema"]!["enum"]!.AsArray().Select(word => (string?)word));
        var body = document["paths"]!["/api/v1/environments"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.Equal("#/components/schemas/NewEnvironmentBody", (string?)body["$ref"]);
        Assert.DoesNotContain(document["components"]!["schemas"]!.AsObject(), schema => schema.Key.Contains("HttpContext", StringComparison.Ordinal));
    }

    private async Task<JsonNode> DocumentAsync() => (await app.Anonymous().CallAsync("GET", "/openapi/v1.json")).Is(HttpStatusCode.OK).Body;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key == "$ref" && field.Value is JsonValue text ? [(string)text!] : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Follow(JsonNode document, string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (node, step) => node is JsonArray items ? items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node?[step]);
}
