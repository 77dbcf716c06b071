using System.Net;
using Portal.Web.Tests.Hosting;

namespace Portal.Web.Tests.Api;

public class RateLimitTests
{
    [Fact]
    public async Task AUserWhoAsksTooMuch_WaitsAndOthersDoNot()
    {
        await using var app = new PortalApp { Settings = { ["Api:RequestsPerMinute"] = "3" } };
        using var busy = app.As("developer");
        for (var call = 0; call < 3; call++)
        {
            (await busy.CallAsync("GET", "me")).Is(HttpStatusCode.OK);
        }

        (await busy.CallAsync("GET", "me")).Refuses(HttpStatusCode.TooManyRequests, "too-many-requests");
        (await app.As("approver").CallAsync("GET", "me")).Is(HttpStatusCode.OK);
    }
}
