using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;
using Portal.Provisioning.Reconciling;

namespace Portal.Provisioning.Tests.Reconciling;

public sealed class RolloutJudgementTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly RolloutSpec s_rules = RolloutSpec.Default with { DeadlineMinutes = 10 };

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, "Redis missed its deadline of 10 minutes. It waits. Look.")]
    public void Failure_ByTheClock_CountsFromTheComponentsStart(int minutes, string? expected) =>
        Assert.Equal(expected, Judge(HealthStatus.Progressing, lasting: false, s_start.AddMinutes(minutes), since: s_start));

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "Redis fails. It waits. Look.")]
    public void Failure_LastingTrouble_IsWatchedForAWhileFirst(int minutes, string? expected) =>
        Assert.Equal(expected, Judge(HealthStatus.Degraded, lasting: true, s_start.AddMinutes(5 + minutes), since: s_start.AddMinutes(5)));

    [Fact]
    public void Failure_TroubleThatMayPass_WaitsForTheDeadline() =>
        Assert.Null(Judge(HealthStatus.Degraded, lasting: false, s_start.AddMinutes(9), since: s_start));

    [Fact]
    public void Failure_ComponentThatWasHealthyOnce_IsNotTheRolloutsAnyMore() =>
        Assert.Null(Judge(HealthStatus.Degraded, lasting: true, s_start.AddMinutes(60), since: s_start, settled: s_start.AddMinutes(1)));

    [Fact]
    public void Failure_RolloutThatEnded_IsHistory() =>
        Assert.Null(Judge(HealthStatus.Degraded, lasting: true, s_start.AddMinutes(60), since: s_start, outcome: RolloutOutcome.Succeeded));

    [Fact]
    public void Failure_ClockThatJumpedBack_IsNone() =>
        Assert.Null(Judge(HealthStatus.Degraded, lasting: true, s_start.AddHours(-1), since: s_start));

    private static string? Judge(
        HealthStatus health, bool lasting, DateTimeOffset now, DateTimeOffset since, DateTimeOffset? settled = null, RolloutOutcome outcome = RolloutOutcome.Running)
    {
        var rollout = Rollout.Start(new EnvironmentId(Guid.NewGuid()), 1, RolloutKind.Apply, s_start) with
        {
            Outcome = outcome,
            Steps = [new(Component.Redis, 1, s_start, settled)],
        };
        return RolloutJudgement.Failure(
            rollout, s_rules, [new(Component.Redis, health, "It waits.", since, "Look.")], lasting ? new HashSet<Component> { Component.Redis } : new HashSet<Component>(), now);
    }
}
