using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Provisioning.Blueprint;

namespace Portal.Provisioning.Tests.Blueprint.Finishing;

/// <summary>Images by digest: what the list says, rendering writes down, and nothing else.</summary>
public sealed class ImageDigestsTests
{
    private static readonly string s_one = $"sha256:{new string('1', 64)}";
    private static readonly string s_two = $"sha256:{new string('2', 64)}";

    [Theory]
    [InlineData("redis:8.10.1", "docker.io/library/redis:8.10.1")]
    [InlineData("nginxinc/nginx-unprivileged:1.30.4", "docker.io/nginxinc/nginx-unprivileged:1.30.4")]
    [InlineData("localhost/a:1", "localhost/a:1")]
    [InlineData("registry.example:5000/a/b/c:1.2", "registry.example:5000/a/b/c:1.2")]
    [InlineData("registry.example:5000/a:1@sha256:abc", "registry.example:5000/a:1")]
    public void Tagged_AnyWayToWriteAReference_IsItsFullName(string text, string expected) => Assert.Equal(expected, ImageReference.Parse(text).Tagged);

    [Fact]
    public void Read_LinesOfAList_SkipsCommentsAndKnowsEveryWayToWriteAName()
    {
        var digests = Digests("# from the mirror", "", $"docker.io/library/redis:8.10.1@{s_one}", "ghcr.io/payments/gateway:1.4.2");

        Assert.Equal((1, s_one, null), (digests.Count, digests.Of("redis:8.10.1"), digests.Of("ghcr.io/payments/gateway:1.4.2")));
    }

    [Theory]
    [InlineData("redis", "is no image with a tag and a digest")]
    [InlineData("redis:8@sha256:abc", "is no image with a tag and a digest")]
    [InlineData("redis@sha256:1111111111111111111111111111111111111111111111111111111111111111", "is no image with a tag and a digest")]
    [InlineData("library/redis:8@sha256:2222222222222222222222222222222222222222222222222222222222222222", "docker.io/library/redis:8 has another digest in a line above")]
    public void Read_ALineThatCannotBeUsed_IsToldByItsNumber(string line, string says)
    {
        List<(int Line, string Problem)> problems = [];

        ImageDigests.Read([$"redis:8@{s_one}", line], (number, problem) => problems.Add((number, problem)));

        var (at, problem) = Assert.Single(problems);
        Assert.Equal(2, at);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StackCase.Names), MemberType = typeof(StackCase))]
    public void Render_WithAFullList_PinsEveryImageAndHasNoNoteOfIt(string name)
    {
        var each = StackCase.Named(name);
        foreach (var platform in new[] { PlatformSettings.Default, new() { Registry = "registry.example/mirror" } })
        {
            var full = Digests([.. Images(Render(each, platform)).Where(image => !image.Contains('@', StringComparison.Ordinal)).Select(image => $"{image}@{s_one}")]);

            var stack = Render(each, platform with { Digests = full });

            Assert.All(Images(stack), image => Assert.EndsWith($"@{s_one}", image, StringComparison.Ordinal));
            Assert.Empty(PodRules.Unpinned(stack));
            Assert.DoesNotContain(stack.Notes, note => note.StartsWith("By tag", StringComparison.Ordinal));
        }
    }

    /// <summary>What is asked for at the start is what stacks name, or some would stay by their tags for ever.</summary>
    [Fact]
    public void OwnImages_AreExactlyThoseThatStacksName()
    {
        var platform = new PlatformSettings { Registry = "registry.example/mirror" };
        var named = StackCase.All.SelectMany(each => Images(Render(each, each.Platform with { Registry = platform.Registry }))).ToHashSet();

        Assert.Equal(StackBlueprint.OwnImages(platform).Order(StringComparer.Ordinal), named.Where(image => image.StartsWith("registry.example/mirror/", StringComparison.Ordinal)
            || image is SampleImages.Frontend or SampleImages.Service).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Render_WithAListThatLacksSome_LeavesThoseByTagAndSaysSoOnce()
    {
        var each = StackCase.Named("Small-Production-basic");

        var stack = Render(each, new() { Digests = Digests($"docker.io/library/mysql:8.4.11@{s_one}") });

        Assert.Contains($"docker.io/library/mysql:8.4.11@{s_one}", Images(stack));
        Assert.Contains("docker.io/library/redis:8.10.1", Images(stack));
        var note = Assert.Single(stack.Notes, note => note.StartsWith("By tag", StringComparison.Ordinal));
        Assert.Contains("docker.io/library/redis:8.10.1, ", note, StringComparison.Ordinal);
        Assert.DoesNotContain("mysql:", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WithoutAList_PinsNothingAndSaysNothing()
    {
        var stack = StackCase.Named("Small-Production-basic").Render();

        Assert.DoesNotContain(Images(stack), image => image.Contains('@', StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Notes, note => note.StartsWith("By tag", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_AnImageThatATeamNamedByDigest_StaysAsItIs()
    {
        var each = StackCase.Named("Small-Production-basic");
        var image = $"registry.example/shop/gateway:1.0.0@{s_two}";
        var spec = each.Spec with { Gateway = each.Spec.Gateway with { Image = image } };

        var stack = StackBlueprint.Render(spec, StackCase.Identity, each.Capabilities, new() { Digests = Digests($"registry.example/shop/gateway:1.0.0@{s_one}") });

        Assert.Contains(image, Images(stack));
        Assert.DoesNotContain(stack.Notes, note => note.Contains("shop/gateway", StringComparison.Ordinal));
    }

    /// <summary>The list names an image where it is published; the mirror has the same content.</summary>
    [Fact]
    public void Render_FromAMirror_IsPinnedByTheDigestOfThePublishedImage()
    {
        var stack = Render(StackCase.Named("Small-Production-basic"), new() { Registry = "registry.example/mirror", Digests = Digests($"mysql:8.4.11@{s_one}") });

        Assert.Contains($"registry.example/mirror/library/mysql:8.4.11@{s_one}", Images(stack));
    }

    private static ImageDigests Digests(params string[] lines) => ImageDigests.Read(lines, (line, problem) => Assert.Fail($"line {line}: {problem}"));

    private static RenderedStack Render(StackCase each, PlatformSettings platform) => StackBlueprint.Render(each.Spec, StackCase.Identity, each.Capabilities, platform);

    private static List<string> Images(RenderedStack stack) => [.. StackRule.Containers(stack).Select(each => (string)each.Container["image"]!).Distinct()];
}
