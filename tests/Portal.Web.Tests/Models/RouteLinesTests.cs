using System.Text.Json.Nodes;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class RouteLinesTests
{
    private static readonly string[] s_services = ["frontend", "gateway"];

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var routes = JsonNode.Parse("""[{"path":"/api","service":"gateway"},{"path":"/","service":"gateway","header":"x-canary","value":"1"},{"path":"/","service":"frontend"}]""")!.AsArray();

        var text = RouteLines.Write(routes);

        Assert.Equal("/api -> gateway\n/ x-canary: 1 -> gateway\n/ -> frontend", text);
        Assert.Equal(text, RouteLines.Write(RouteLines.Read($"\n  {text.Replace("->", " ->  ", StringComparison.Ordinal)}\n\n", s_services)!));
    }

    [Theory]
    [InlineData("/api gateway")]
    [InlineData("/api -> nobody")]
    [InlineData("-> gateway")]
    [InlineData("/api x-canary -> gateway")]
    public void Read_WhatIsNoRoute_IsNothing(string line) => Assert.Null(RouteLines.Read(line, s_services));
}
