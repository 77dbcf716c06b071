using Portal.Core.Environments;

namespace Portal.Core.Tests.Environments;

public sealed class EnvironmentNameTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("shop")]
    [InlineData("shop-2")]
    [InlineData("a--b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-123")]
    public void Check_DnsLabel_IsAccepted(string name) => Assert.Null(EnvironmentName.Check(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("1shop")]
    [InlineData("-shop")]
    [InlineData("shop-")]
    [InlineData("Shop")]
    [InlineData("shop_1")]
    [InlineData("shop.eu")]
    [InlineData("my shop")]
    [InlineData("shop\n")]
    [InlineData("shop\0")]
    [InlineData("toko-é")]
    [InlineData("shop４")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-1234")]
    public void Check_AnythingElse_IsRefusedWithTheRule(string? name)
    {
        var refused = EnvironmentName.Check(name);

        Assert.Equal("environment.name.invalid", refused?.Code);
        Assert.Equal("name", refused?.Field);
        Assert.Contains("Use 2 to 30 lower-case letters, digits and hyphens", refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_VeryLongName_IsRefusedWithoutRepeatingItAll() =>
        Assert.InRange(EnvironmentName.Check(new string('a', 100_000))!.Message.Length, 1, 400);

    [Fact]
    public void Namespace_OfTheLongestNames_IsStillADnsLabel() =>
        Assert.True(EnvironmentName.Namespace(new string('t', 20), new string('n', EnvironmentName.MaxLength)).Length <= 63);
}
