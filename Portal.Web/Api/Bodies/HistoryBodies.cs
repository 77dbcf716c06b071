using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Rollouts;

namespace Portal.Web.Api.Bodies;

/// <summary>One rollout with the way of each component through it.</summary>
/// <param name="Message">Why it ended as it did, when it did not succeed.</param>
/// <param name="Removal">For a deletion: what was removed so far, and at its end the proof.</param>
public sealed record RolloutBody(
    long Id, long Generation, RolloutKind Kind, RolloutOutcome Outcome, string? Message, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, ChangeCount Changes,
    IReadOnlyList<RolloutStepBody> Steps, RemovalBody? Removal)
{
    public static RolloutBody Of(Rollout rollout) => new(
        rollout.Id, rollout.Generation, rollout.Kind, rollout.Outcome, rollout.Message, rollout.StartedAt, rollout.FinishedAt, rollout.Changes,
        rollout.Steps.Select(step => new RolloutStepBody(step.Component.Slug(), step.Wave, step.StartedAt, step.SettledAt)).ToList(),
        rollout.Removal is { } removal ? RemovalBody.Of(removal) : null);
}

public sealed record RolloutStepBody(string Component, int Wave, DateTimeOffset StartedAt, DateTimeOffset? SettledAt);

/// <summary>What a deletion removed, what stays on purpose, and when it was seen that nothing else is left.</summary>
public sealed record RemovalBody(IReadOnlyList<RemovedBody> Removed, IReadOnlyList<KeptVolume> KeptVolumes, string? Backup, DateTimeOffset? VerifiedAt)
{
    public static RemovalBody Of(RemovalReport report) => new(
        report.Removed.Select(gone => new RemovedBody(gone.Component.Slug(), gone.Kind, gone.Namespace, gone.Name, gone.Uid, gone.GoneAt)).ToList(),
        report.Kept, report.Backup, report.VerifiedAt);
}

public sealed record RemovedBody(string Component, string Kind, string? Namespace, string Name, string? Uid, DateTimeOffset GoneAt);

/// <summary>One spec that the environment had.</summary>
/// <param name="Request">Number of the request that was approved; null when the portal returned by itself.</param>
/// <param name="ReturnsTo">The earlier generation whose spec it takes up again, if it does.</param>
public sealed record GenerationBody(long Number, GenerationOrigin Origin, long? Request, long? ReturnsTo, string MadeBy, DateTimeOffset MadeAt, EnvironmentSpec Spec)
{
    public static GenerationBody Of(GenerationRecord record) => new(
        record.Number, record.Origin, record.RequestId?.Value, record.ReturnsTo, record.MadeBy, record.MadeAt, record.Spec);
}

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
