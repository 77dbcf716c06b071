using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Rollouts;

namespace Portal.Web.Api.Bodies;

/// <summary>One rollout with the way of each component through it.</summary>
public sealed record RolloutBody(
    long Id, long Generation, RolloutKind Kind, RolloutOutcome Outcome, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, ChangeCount Changes, IReadOnlyList<RolloutStepBody> Steps)
{
    public static RolloutBody Of(Rollout rollout) => new(
        rollout.Id, rollout.Generation, rollout.Kind, rollout.Outcome, rollout.StartedAt, rollout.FinishedAt, rollout.Changes,
        rollout.Steps.Select(step => new RolloutStepBody(step.Component.Slug(), step.Wave, step.StartedAt, step.SettledAt)).ToList());
}

public sealed record RolloutStepBody(string Component, int Wave, DateTimeOffset StartedAt, DateTimeOffset? SettledAt);

/// <summary>Who did what when.</summary>
public sealed record ActivityBody(DateTimeOffset At, string ActorId, string ActorName, string Verb, string Subject)
{
    public static ActivityBody Of(AuditEntry entry) => new(entry.At, entry.ActorId, entry.ActorName, entry.Verb, entry.Subject);
}

/// <summary>One object that the environment owns on its cluster.</summary>
public sealed record InventoryBody(string Component, string ApiVersion, string Kind, string? Namespace, string Name, string? Uid)
{
    public static InventoryBody Of(InventoryEntry entry) =>
        new(entry.Component.Slug(), entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name, entry.Uid);
}
