using Portal.Core.Environments;
using Portal.Web.Models;

namespace Portal.Web.Tests.Models;

public sealed class TroubleTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(HealthStatus.Healthy, EnvironmentPhase.Ready, false)]
    [InlineData(HealthStatus.Progressing, EnvironmentPhase.Updating, false)]
    [InlineData(HealthStatus.Missing, EnvironmentPhase.Provisioning, false)]
    [InlineData(HealthStatus.Suspended, EnvironmentPhase.Paused, false)]
    [InlineData(HealthStatus.Degraded, EnvironmentPhase.Degraded, true)]
    [InlineData(HealthStatus.Unknown, EnvironmentPhase.Degraded, true)]
    [InlineData(HealthStatus.Degraded, EnvironmentPhase.Deleting, false)]
    [InlineData(HealthStatus.Degraded, EnvironmentPhase.Deleted, false)]
    public void Trouble_ByHealthAndPhase_IsOnlyWhatNeedsSomebody(HealthStatus health, EnvironmentPhase phase, bool trouble) =>
        Assert.Equal(trouble, Trouble.Of(Status(phase, new(Component.MySql, health, "", s_now)), s_now).Count == 1);

    [Theory]
    [InlineData(HealthStatus.Progressing, -1, true)]
    [InlineData(HealthStatus.Missing, -1, true)]
    [InlineData(HealthStatus.Progressing, 1, false)]
    [InlineData(HealthStatus.Healthy, -1, false)]
    public void Trouble_DeadlineMissed_IsOneUnlessItIsWell(HealthStatus health, int minutes, bool trouble) =>
        Assert.Equal(trouble, Trouble.Of(Status(EnvironmentPhase.Updating, new(Component.MySql, health, "", s_now, null, s_now.AddMinutes(minutes))), s_now).Count == 1);

    [Fact]
    public void Trouble_OfSeveralKinds_BeginsWithWhatSomebodyCanDo()
    {
        EnvironmentStatus status = new(EnvironmentPhase.Stuck, HealthStatus.Unknown, "", 1,
        [
            new(Component.Edge, HealthStatus.Degraded, "", s_now),
            new(Component.Ingress, HealthStatus.Unknown, "", s_now),
            new(Component.Publish, HealthStatus.Progressing, "", s_now, null, s_now.AddMinutes(-1)),
            new(Component.Gateway, HealthStatus.Degraded, "", s_now, "Correct the image.", s_now.AddMinutes(1)),
        ]);

        Assert.Equal([Component.Gateway, Component.Publish, Component.Ingress, Component.Edge], Trouble.Of(status, s_now).Select(component => component.Component));
    }

    [Fact]
    public void Trouble_NextStepWhileDeleting_IsShown() =>
        Assert.Single(Trouble.Of(Status(EnvironmentPhase.Deleting, new(Component.Base, HealthStatus.Progressing, "", s_now, "Remove the finalizer.")), s_now));

    private static EnvironmentStatus Status(EnvironmentPhase phase, ComponentStatus component) => new(phase, component.Health, "", 1, [component]);
}
