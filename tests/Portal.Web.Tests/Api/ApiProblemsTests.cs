using Portal.Core.Results;
using Portal.Web.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Web.Tests.Api;

public class ApiProblemsTests
{
    [Theory]
    [InlineData(400, ErrorKind.Malformed)]
    [InlineData(422, ErrorKind.Invalid)]
    [InlineData(403, ErrorKind.Forbidden)]
    [InlineData(404, ErrorKind.NotFound)]
    [InlineData(409, ErrorKind.Conflict)]
    [InlineData(503, ErrorKind.Unavailable)]
    [InlineData(400, ErrorKind.Invalid, ErrorKind.Conflict, ErrorKind.NotFound, ErrorKind.Malformed)]
    [InlineData(404, ErrorKind.Forbidden, ErrorKind.NotFound)]
    [InlineData(403, ErrorKind.Conflict, ErrorKind.Forbidden)]
    [InlineData(409, ErrorKind.Invalid, ErrorKind.Conflict)]
    [InlineData(422, ErrorKind.Unavailable, ErrorKind.Invalid)]
    public async Task From_ErrorsOfSeveralKinds_TakesTheStatusOfTheOneToLookAtFirst(int status, params ErrorKind[] kinds)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };

        await ApiProblems.From(kinds.Select(kind => new Error($"code.{kind}", kind, "A sentence.")).ToList()).ExecuteAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(status == 503 ? "5" : "", context.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public void EveryKind_HasAStatus() =>
        Assert.All(Enum.GetValues<ErrorKind>(), kind => Assert.NotNull(ApiProblems.From(new Error("code", kind, "A sentence."))));
}
