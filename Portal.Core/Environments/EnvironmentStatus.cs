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

    public static EnvironmentStatus Requested { get; } =
        new(EnvironmentPhase.Requested, HealthStatus.Missing, "Waiting for a decision.", 0, []);
}

/// <summary>Health of one component with its cause in a sentence.</summary>
/// <param name="Since">When this health was first seen.</param>
public sealed record ComponentStatus(Component Component, HealthStatus Health, string Message, DateTimeOffset Since);
