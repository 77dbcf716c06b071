using Portal.Core.Environments.Specs;

namespace Portal.Core.Tests.Environments.Specs;

public sealed class PresetsTests
{
    [Theory]
    [InlineData("small", Preset.Small)]
    [InlineData("Medium", Preset.Medium)]
    [InlineData("LARGE", Preset.Large)]
    public void Parse_NameInAnyCase_IsThePreset(string word, Preset expected) => Assert.Equal(expected, Presets.Parse(word).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("huge")]
    [InlineData("0")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("-0")]
    [InlineData(" small")]
    [InlineData("small,medium")]
    public void Parse_AnythingElse_NamesTheAllowedOnes(string? word)
    {
        var refused = Assert.Single(Presets.Parse(word).Errors);

        Assert.Equal("spec.preset.unknown", refused.Code);
        Assert.Contains("Choose one of: small, medium, large.", refused.Message, StringComparison.Ordinal);
    }
}
