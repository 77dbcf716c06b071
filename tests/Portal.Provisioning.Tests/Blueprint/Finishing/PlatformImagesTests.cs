using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Blueprint.Finishing;

namespace Portal.Provisioning.Tests.Blueprint.Finishing;

public sealed class PlatformImagesTests
{
    private const string TeamImage = "ghcr.io/payments/gateway:1.4.2";

    [Theory]
    [InlineData("docker.io/library/mysql:8.4.11", "registry.example:5000/mirror/library/mysql:8.4.11")]
    [InlineData("registry.k8s.io/pause:3.10.1", "registry.example:5000/mirror/pause:3.10.1")]
    [InlineData("localhost:5000/a/b:1", "registry.example:5000/mirror/a/b:1")]
    [InlineData("grafana/loki:3.7.6", "registry.example:5000/mirror/grafana/loki:3.7.6")]
    [InlineData("redis:8@sha256:abc", "registry.example:5000/mirror/redis:8@sha256:abc")]
    public void Mirrored_AnyReference_KeepsNameAndVersion(string image, string expected) =>
        Assert.Equal(expected, PlatformImages.Mirrored("registry.example:5000/mirror", image));

    [Fact]
    public void Render_WithARegistry_TakesOwnImagesFromItAndTeamsImagesAsNamed()
    {
        var images = StackRule.Containers(Render(new() { Registry = "registry.example/mirror" })).Select(each => (string)each.Container["image"]!).Distinct().ToList();

        Assert.Contains(TeamImage, images);
        Assert.Contains("registry.example/mirror/library/mysql:8.4.11", images);
        Assert.Equal([SampleImages.Frontend, SampleImages.Service, TeamImage], images.Where(image => !image.StartsWith("registry.example/mirror/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public void Render_WithAPullSecret_NamesItOnEveryPod()
    {
        var pods = StackRule.Templates(Render(new() { PullSecret = "mirror" })).ToList();

        Assert.NotEmpty(pods);
        Assert.All(pods, pod => Assert.Equal("""[{"name":"mirror"}]""", pod.Template.At("spec", "imagePullSecrets")!.ToJsonString()));
    }

    [Fact]
    public void Render_WithAnotherRegistry_NamesJobsAnew()
    {
        Assert.NotEqual(JobNames(Render(PlatformSettings.Default)), JobNames(Render(new() { Registry = "registry.example/mirror" })));

        static IEnumerable<string> JobNames(RenderedStack stack) => StackRule.Of(stack, "Job").Select(job => job.Name);
    }

    private static RenderedStack Render(PlatformSettings platform)
    {
        var spec = Presets.Create(Preset.Medium, Purpose.Production, "shop.apps.example");
        return StackBlueprint.Render(spec with { Gateway = spec.Gateway with { Image = TeamImage } }, StackCase.Identity, StackCase.Of(Preset.Medium).Capabilities, platform);
    }
}
