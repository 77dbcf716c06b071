using Portal.Core.Environments;

namespace Portal.Core.Rollouts;

public enum RolloutKind
{
    Apply,
    Delete,
}

public enum RolloutOutcome
{
    Running,
    Succeeded,

    /// <summary>A newer generation or a delete took over before it was done.</summary>
    Superseded,

    /// <summary>It was given up: tried again from the start, or torn down.</summary>
    Failed,

    /// <summary>It failed, and an earlier generation is rolled out again.</summary>
    RolledBack,
}

/// <summary>The record of taking an environment to one generation, or of deleting it: times per component and what was changed.</summary>
public sealed record Rollout(
    EnvironmentId EnvironmentId,
    long Generation,
    RolloutKind Kind,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    RolloutOutcome Outcome,
    ChangeCount Changes,
    IReadOnlyList<RolloutStep> Steps)
{
    public const int MaxMessageLength = 2000;

    /// <summary>Given by the database; 0 until saved.</summary>
    public long Id { get; init; }

    /// <summary>Why it ended as it did, when it did not succeed.</summary>
    public string? Message { get; init; }

    /// <summary>For a deletion: what was removed so far, and at its end the proof.</summary>
    public RemovalReport? Removal { get; init; }

    public static Rollout Start(EnvironmentId id, long generation, RolloutKind kind, DateTimeOffset now) =>
        new(id, generation, kind, now, null, RolloutOutcome.Running, new(0, 0, 0, 0), []);
}

/// <summary>One component's way through a rollout.</summary>
/// <param name="SettledAt">When it was healthy, or for a delete gone.</param>
public sealed record RolloutStep(Component Component, int Wave, DateTimeOffset StartedAt, DateTimeOffset? SettledAt);

public sealed record ChangeCount(int Created, int Configured, int Unchanged, int Deleted)
{
    public static ChangeCount operator +(ChangeCount left, ChangeCount right) => Add(left, right);

    public static ChangeCount Add(ChangeCount left, ChangeCount right) => new(
        left.Created + right.Created, left.Configured + right.Configured, left.Unchanged + right.Unchanged, left.Deleted + right.Deleted);
}
