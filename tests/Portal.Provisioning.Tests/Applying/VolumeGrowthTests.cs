using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Applying;

public sealed class VolumeGrowthTests
{
    [Fact]
    public void KeepTemplates_LiveSetWithSmallerVolumes_KeepsTheirSizeAndNothingElse()
    {
        var adapted = VolumeGrowth.KeepTemplates(Set("25Gi", replicas: 3), Set("10Gi", replicas: 1));

        Assert.Equal("10Gi", Storage(adapted));
        Assert.Equal(3, adapted.Number("spec", "replicas"));
    }

    [Fact]
    public void KeepTemplates_NewSet_IsTheManifestItself()
    {
        var manifest = Set("25Gi", replicas: 3);

        Assert.Same(manifest, VolumeGrowth.KeepTemplates(manifest, null));
    }

    [Theory]
    [InlineData("10Gi", 10737418240)]
    [InlineData("512Mi", 536870912)]
    [InlineData("1.5G", 1500000000)]
    [InlineData("2k", 2000)]
    [InlineData("7", 7)]
    public void Quantity_KnownUnits_AreBaseUnits(string text, long expected) => Assert.Equal(expected, KubeQuantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Gi")]
    [InlineData("ten")]
    public void Quantity_NoQuantity_IsRefused(string? text) => Assert.Throws<FormatException>(() => KubeQuantity.Parse(text));

    private static KubeObject Set(string storage, int replicas) => KubeObject.Parse(
        """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"mysql","namespace":"payments-shop"},"spec":{"replicas":REPLICAS,
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"resources":{"requests":{"storage":"STORAGE"}}}}]}}
        """.Replace("REPLICAS", $"{replicas}", StringComparison.Ordinal).Replace("STORAGE", storage, StringComparison.Ordinal));

    private static string? Storage(KubeObject set) =>
        set.Items("spec", "volumeClaimTemplates").Single()["spec"]!["resources"]!["requests"]!["storage"]!.GetValue<string>();
}
