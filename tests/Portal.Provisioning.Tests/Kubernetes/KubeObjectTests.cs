using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Kubernetes;

public class KubeObjectTests
{
    // A renderer builds numbers as C# values and an answer has parsed ones: both must read the same.
    [Fact]
    public void Number_BuiltOrParsed_ReadsTheSame()
    {
        var built = new KubeObject(new JsonObject { ["int"] = 3, ["long"] = 3L, ["decimal"] = 3m, ["double"] = 3.9, ["text"] = "3" });
        var parsed = KubeObject.Parse(built.ToJson());

        foreach (var key in new[] { "int", "long", "decimal", "double" })
        {
            Assert.Equal(3, built.Number(key));
            Assert.Equal(3, parsed.Number(key));
        }

        Assert.Null(built.Number("text"));
    }
}
