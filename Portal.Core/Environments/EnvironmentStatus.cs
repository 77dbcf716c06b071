namespace Portal.Core.Environments;

/// <summary>What was observed of an environment, written by the reconciler alone.</summary>
/// <param name="ObservedGeneration">The generation that the phase and health speak about.</param>
/// <param name="Message">One sentence: what is being waited for, or what is wrong and what to do.</param>
public sealed record EnvironmentStatus(
    EnvironmentPhase Phase,
    HealthStatus Health,
    string Message,
    long ObservedGeneration,
    IReadOnlyList<ComponentStatus> Components)
{
    /// <summary>A longer message is cut when it is saved.</summary>
    public const int MaxMessageLength = 2000;

    /// <summary>Fields that the spec renders and others have set to something else.</summary>
    public IReadOnlyList<OwnershipConflict> Conflicts { get; init; } = [];

    public static EnvironmentStatus Requested { get; } =
        new(EnvironmentPhase.Requested, HealthStatus.Missing, "Waiting for a decision.", 0, []);
}

/// <summary>Health of one component with its cause in a sentence.</summary>
/// <param name="Since">When this health was first seen.</param>
/// <param name="NextStep">What the owner can do about it, in a sentence; null when nothing is to be done.</param>
/// <param name="Deadline">Until when it has to be healthy; null when nothing is under way.</param>
public sealed record ComponentStatus(
    Component Component, HealthStatus Health, string Message, DateTimeOffset Since, string? NextStep = null, DateTimeOffset? Deadline = null);
