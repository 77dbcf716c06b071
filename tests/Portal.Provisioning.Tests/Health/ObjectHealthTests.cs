using Portal.Core.Environments;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Health;

/// <summary>Every file in Fixtures is a case: its first lines say the expected health and words that the message must hold. A bug report becomes a file.</summary>
public class ObjectHealthTests
{
    private const string Expect = "# expect: ";
    private const string Says = "# says: ";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Health", "Fixtures");

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Assess_Fixture_HasTheExpectedHealthAndWords(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".yaml"));
        var live = ManifestYaml.Read(string.Join('\n', lines));

        var report = ObjectHealth.Assess(live);

        Assert.StartsWith(Expect, lines[0], StringComparison.Ordinal);
        Assert.StartsWith(Says, lines[1], StringComparison.Ordinal);
        Assert.Equal($"{Enum.Parse<HealthStatus>(lines[0][Expect.Length..])}", $"{report.Status}");
        Assert.Contains(lines[1][Says.Length..], report.Message, StringComparison.Ordinal);
        Assert.Matches(@"^[A-Z0-9][^\n]*[^.]\.$", report.Message);
    }

    [Fact]
    public void Assess_ObjectWithoutAnything_DoesNotThrow()
    {
        foreach (var kind in new[] { "apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "v1 Pod", "batch/v1 Job", "v1 PersistentVolumeClaim", "v1 Service", "v1 Namespace", "autoscaling/v2 HorizontalPodAutoscaler" })
        {
            var parts = kind.Split(' ');
            var live = KubeObject.Parse($$"""{"apiVersion":"{{parts[0]}}","kind":"{{parts[1]}}","metadata":{"name":"x"},"status":{"conditions":null} }""");

            Assert.NotEmpty(ObjectHealth.Assess(live).Message);
        }
    }

    [Fact]
    public void Worst_OfParts_IsTheWorstAndOfNoneHealthy()
    {
        Assert.Equal(HealthStatus.Degraded, new[] { HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Progressing }.Worst());
        Assert.Equal(HealthStatus.Healthy, Array.Empty<HealthStatus>().Worst());
        Assert.True(HealthStatus.Unknown.IsWorseThan(HealthStatus.Missing));
    }
}
