using System.Net;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class CatalogApiTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Presets_CarryTheirWholeSpec()
    {
        var body = (await app.As("outsider").CallAsync("GET", "presets")).Is(HttpStatusCode.OK).Body;

        Assert.Equal(["small", "medium", "large"], body["items"]!.AsArray().Select(preset => (string?)preset!["name"]));
        Assert.All(body["items"]!.AsArray(), preset => Assert.NotNull(preset!["spec"]!["housekeeping"]));
    }

    [Theory]
    [InlineData("developer", "payments", "payments")]
    [InlineData("outsider", "storefront", "storefront")]
    [InlineData("approver", "payments,storefront", "")]
    [InlineData("admin", "payments,storefront", "payments,storefront")]
    public async Task Teams_AreThoseThatTheCallerSees(string persona, string seen, string requestable)
    {
        var teams = (await app.As(persona).CallAsync("GET", "teams")).Is(HttpStatusCode.OK).Body["items"]!.AsArray();

        Assert.Equal(seen, string.Join(',', teams.Select(team => (string?)team!["slug"])));
        Assert.Equal(requestable, string.Join(',', teams.Where(team => (bool)team!["mayRequest"]!).Select(team => (string?)team!["slug"])));
    }

    [Theory]
    [InlineData("developer", "dewi", "none")]
    [InlineData("approver", "arif", "approver")]
    [InlineData("admin", "sari", "administrator")]
    [InlineData("outsider", "budi", "none")]
    public async Task Me_IsThePersonaOfTheToken(string persona, string id, string role)
    {
        var me = (await app.As(persona).CallAsync("GET", "me")).Is(HttpStatusCode.OK).Body;

        Assert.Equal(id, (string?)me["id"]);
        Assert.Equal(role, (string?)me["role"]);
    }

    [Theory]
    [Negative("ListPresets", "ListTeams", "GetMe")]
    [InlineData("presets")]
    [InlineData("teams")]
    [InlineData("me")]
    public async Task Catalog_WithAParameterOrAnotherMethod_IsRefused(string path)
    {
        (await app.As("admin").CallAsync("GET", $"{path}?all=true")).Refuses(HttpStatusCode.BadRequest, "query.unknown");
        (await app.As("admin").CallAsync("PUT", path, "{}")).Refuses(HttpStatusCode.MethodNotAllowed, "method.not-allowed");
    }
}
