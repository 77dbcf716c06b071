using Portal.Core.Environments;

namespace Portal.Core.Tests.Environments;

public class ClusterCatalogTests
{
    private static readonly ClusterCatalog s_two = new(["jakarta", "surabaya"]);

    [Theory]
    [InlineData(null, "jakarta")]
    [InlineData(" ", "jakarta")]
    [InlineData("surabaya", "surabaya")]
    public void Choose_NoneOrOneThatIsThere_IsThatOrTheDefault(string? wanted, string expected) => Assert.Equal(expected, s_two.Choose(wanted).Value);

    [Theory]
    [InlineData("Jakarta")]
    [InlineData("bandung")]
    public void Choose_Unknown_IsRefusedWithTheNamesThatAreAllowed(string wanted)
    {
        var error = Assert.Single(s_two.Choose(wanted).Errors);

        Assert.Equal(("environment.cluster.unknown", "cluster"), (error.Code, error.Field));
        Assert.Contains("one of jakarta, surabaya", error.Message, StringComparison.Ordinal);
    }
}
