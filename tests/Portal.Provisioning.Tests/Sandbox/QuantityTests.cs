using Portal.Provisioning.Sandbox;

namespace Portal.Provisioning.Tests.Sandbox;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0.5", "500m")]
    [InlineData("1000m", "1")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1500Mi", "1500Mi")]
    [InlineData("1000M", "1G")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0", "0")]
    public void Canonical_OfAQuantity_IsTheSpellingOfTheServer(string text, string expected) =>
        Assert.Equal(expected, Quantity.Canonical(text));

    [Theory]
    [InlineData("ten")]
    [InlineData("1GB")]
    [InlineData("")]
    public void Canonical_OfSomethingElse_IsNull(string text) => Assert.Null(Quantity.Canonical(text));
}
