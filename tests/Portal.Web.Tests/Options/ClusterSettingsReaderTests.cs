using Microsoft.Extensions.Configuration;
using Portal.Provisioning.Clusters;
using Portal.Web.Options;

namespace Portal.Web.Tests.Options;

public sealed class ClusterSettingsReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-settings-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Clusters_NothingConfigured_IsTheSandbox() => Assert.True(Read().IsSandbox);

    [Fact]
    public void Clusters_UnnamedAndNamed_AreAllThereWithTheUnnamedFirst()
    {
        var choice = Read(("Clusters:b:Kubeconfig", "b.yaml"), ("Clusters:b:Context", "x"), ("Cluster:Kubeconfig", "a.yaml"), ("Clusters:a:InCluster", "true"));

        Assert.Equal(
            [new ClusterSource("default", In("a.yaml"), null, false), new("a", null, null, true), new("b", In("b.yaml"), "x", false)],
            choice.Sources);
    }

    [Theory]
    [InlineData(null, "a, b")]
    [InlineData("b", "b, a")]
    public void Clusters_Default_IsWhereEnvironmentsGoThatNameNone(string? preferred, string expected)
    {
        var choice = Read(("Clusters:a:Kubeconfig", "a.yaml"), ("Clusters:b:Kubeconfig", "b.yaml"), ("Cluster:Default", preferred));

        var names = new ClusterSettings(choice.IsSandbox, null, null, false, _directory) { Named = choice.Sources, Preferred = choice.Preferred }.Names;

        Assert.Equal(expected, string.Join(", ", names));
    }

    [Theory]
    [InlineData("Clusters:Jakarta:Kubeconfig", "x", "Clusters:Jakarta", "cannot be the name of a cluster")]
    [InlineData("Clusters:a_b:Kubeconfig", "x", "Clusters:a_b", "cannot be the name of a cluster")]
    [InlineData("Clusters:sandbox:Kubeconfig", "x", "Clusters:sandbox", "taken")]
    [InlineData("Clusters:default:Kubeconfig", "x", "Clusters:default", "Cluster:Kubeconfig")]
    [InlineData("Clusters:a:Kubecofig", "x", "Clusters:a:Kubecofig", "Clusters:a:Kubeconfig, Clusters:a:Context, Clusters:a:InCluster")]
    [InlineData("Clusters:a:Context", "x", "Clusters:a:Context", "Set Clusters:a:Kubeconfig too")]
    [InlineData("Clusters:a:InCluster", "false", "Clusters:a:Kubeconfig", "it is missing")]
    [InlineData("Clusters:a:InCluster", "yes", "Clusters:a:InCluster", "true or false")]
    [InlineData("Clusters", "a", "Clusters", "Clusters:NAME:Kubeconfig")]
    [InlineData("Cluster:Default", "b", "Cluster:Default", "none is configured")]
    public void Clusters_SettingThatCannotWork_IsNamedInOneLine(string key, string value, string named, string says)
    {
        var trouble = Assert.Throws<StartupException>(() => Read((key, value)));

        var problem = trouble.Problems[0];
        Assert.StartsWith($"{named}: ", problem, StringComparison.Ordinal);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_DefaultThatIsNoneOfThem_IsToldWhichThereAre()
    {
        var trouble = Assert.Throws<StartupException>(() => Read(("Clusters:a:Kubeconfig", "a.yaml"), ("Cluster:InCluster", "true"), ("Cluster:Default", "c")));

        Assert.Contains("Allowed: default, a.", Assert.Single(trouble.Problems), StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_directory, name);

    private ClusterChoice Read(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
        return PortalSettingsReader.Read(configuration, _directory).Cluster;
    }
}
