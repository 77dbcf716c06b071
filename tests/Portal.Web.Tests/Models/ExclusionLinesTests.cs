using System.Text.Json.Nodes;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class ExclusionLinesTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var exclusions = JsonNode.Parse("""[{"path":"/api/editor","ruleIds":[941100,941160]},{"path":"/upload","ruleIds":[920420]}]""")!.AsArray();

        var text = ExclusionLines.Write(exclusions);

        Assert.Equal("/api/editor 941100, 941160\n/upload 920420", text);
        Assert.Equal(text, ExclusionLines.Write(ExclusionLines.Read($"\n  {text.Replace(", ", " ,  ", StringComparison.Ordinal)}\n\n")!));
        Assert.Empty(ExclusionLines.Read(" \n")!);
    }

    [Theory]
    [InlineData("/api/editor")]
    [InlineData("/api/editor many")]
    [InlineData("/api/editor -941100")]
    public void Read_WhatIsNoExclusion_IsNothing(string line) => Assert.Null(ExclusionLines.Read(line));
}
