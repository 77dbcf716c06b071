using Microsoft.Extensions.Configuration;
using Portal.Web.Options;

namespace Portal.Web.Tests.Options;

/// <summary>The settings that pin images: a list of digests, and whether what it lacks is found out at the start.</summary>
public sealed class DigestSettingsReaderTests : IDisposable
{
    private static readonly string s_digest = $"sha256:{new string('1', 64)}";

    private readonly string _directory = Directory.CreateTempSubdirectory("portal-settings-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Digests_NothingConfigured_PinsNothingAndAsksNobody()
    {
        var settings = Read();

        Assert.Null(settings.Platform.Digests);
        Assert.Null(settings.DigestsToComplete);
    }

    [Fact]
    public void Digests_OfAFile_AreRead()
    {
        File.WriteAllText(Path.Combine(_directory, "images"), $"# mirror\nmysql:8.4.11@{s_digest}\n");

        var settings = Read(("Platform:ImageDigests", "images"));

        Assert.Equal(s_digest, settings.Platform.Digests!.Of("docker.io/library/mysql:8.4.11"));
        Assert.Null(settings.DigestsToComplete);
    }

    [Fact]
    public void Digests_ToBeFoundOut_NeedNoFileYet()
    {
        var settings = Read(("Platform:ImageDigests", "images"), ("Platform:ResolveDigests", "true"));

        Assert.Equal((0, Path.Combine(_directory, "images")), (settings.Platform.Digests!.Count, settings.DigestsToComplete));
    }

    [Theory]
    [InlineData("Platform:ImageDigests", "missing", "cannot be read")]
    [InlineData("Platform:ImageDigests", "broken", "line 2 of ")]
    [InlineData("Platform:ResolveDigests", "true", "Set Platform:ImageDigests too")]
    [InlineData("Platform:ResolveDigests", "yes", "true or false")]
    public void Digests_SettingThatCannotWork_IsNamedInOneLine(string key, string value, string says)
    {
        File.WriteAllText(Path.Combine(_directory, "broken"), $"mysql:8@{s_digest}\nmysql@{s_digest}\n");

        var problem = Assert.Single(Assert.Throws<StartupException>(() => Read((key, value))).Problems);

        Assert.StartsWith($"{key}: ", problem, StringComparison.Ordinal);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    private PortalSettings Read(params (string Key, string? Value)[] settings) => PortalSettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build(), _directory);
}
