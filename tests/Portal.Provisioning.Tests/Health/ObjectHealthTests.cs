using Portal.Core.Environments;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Health;

/// <summary>Every file in Fixtures is a case. A bug report becomes a file.</summary>
public class ObjectHealthTests
{
    private const string Sentence = @"^[A-Z0-9][^\n]*[^.]\.$";

    public static TheoryData<string> Cases => [.. HealthFixture.All.Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Assess_Fixture_HasTheExpectedHealthWordsAndCause(string name)
    {
        var fixture = HealthFixture.All.Single(each => each.Name == name);

        var report = fixture.Assess();

        Assert.Equal($"{fixture.Expected} {fixture.Cause}", $"{report.Status} {report.Cause}");
        Assert.Contains(fixture.Says, report.Message, StringComparison.Ordinal);
        Assert.Matches(Sentence, report.Message);
        Assert.True(fixture.Lasting is null || fixture.Lasting == report.IsLasting, $"IsLasting is {report.IsLasting}.");
        Assert.Contains(fixture.Next ?? "", report.NextStep ?? "", StringComparison.Ordinal);
    }

    /// <summary>Whoever is told that something is wrong is told what to do; who is told that all is well is not sent anywhere.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Assess_Fixture_HasANextStepExactlyWhenItHasACause(string name)
    {
        var report = HealthFixture.All.Single(each => each.Name == name).Assess();

        Assert.Equal(report.Cause != HealthCause.None, report.NextStep is not null);
        Assert.True(report.Cause == HealthCause.None || !report.IsSettled);
        Assert.True(report.Status != HealthStatus.Degraded || report.Cause != HealthCause.None, "It is degraded without a cause.");
        Assert.True(!report.IsLasting || report.Status == HealthStatus.Degraded);
    }

    [Fact]
    public void NextSteps_OfEveryCause_IsASentence() =>
        Assert.All(Enum.GetValues<HealthCause>().Where(cause => cause != HealthCause.None), cause => Assert.Matches(Sentence, NextSteps.For(cause)));

    [Fact]
    public void Causes_AllOfThem_HaveAFixture() =>
        Assert.Empty(Enum.GetValues<HealthCause>().Except(HealthFixture.All.Select(fixture => fixture.Cause)));

    [Fact]
    public void Assess_ObjectWithoutAnything_DoesNotThrow()
    {
        foreach (var kind in HealthFixture.All.Select(fixture => (fixture.Live.ApiVersion, fixture.Live.Kind)).Distinct())
        {
            var live = KubeObject.Parse($$"""{"apiVersion":"{{kind.ApiVersion}}","kind":"{{kind.Kind}}","metadata":{"name":"x","uid":"u"},"status":{"conditions":null} }""");
            var events = HealthFixture.All.SelectMany(fixture => fixture.Events).Select(said => said.Clone()).ToList();
            events.ForEach(said => said.Root["involvedObject"]!["uid"] = "u");

            Assert.NotEmpty(ObjectHealth.Assess(live, events).Message);
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
