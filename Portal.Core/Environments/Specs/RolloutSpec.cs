namespace Portal.Core.Environments.Specs;

/// <summary>What the engine does when a rollout does not go as wished. The owner chooses.</summary>
/// <param name="DeadlineMinutes">How long one component may take from its start until it is healthy before the environment is Stuck, in minutes.</param>
public sealed record RolloutSpec(int DeadlineMinutes, FailedUpdate OnFailedUpdate, FailedProvision OnFailedProvision, ConflictRule OnConflict)
{
    public static RolloutSpec Default { get; } = new(15, FailedUpdate.RollBack, FailedProvision.Keep, ConflictRule.Ask);
}

/// <summary>What follows an update whose new pods fail or that misses a deadline.</summary>
public enum FailedUpdate
{
    /// <summary>It stays as it is, Stuck with its cause, until somebody retries it or changes the spec.</summary>
    Hold,

    /// <summary>The last generation that became Ready is rolled out again.</summary>
    RollBack,
}

/// <summary>What follows a first provision that fails.</summary>
public enum FailedProvision
{
    /// <summary>It stays, to be looked at, retried or deleted.</summary>
    Keep,

    /// <summary>Everything that was made is deleted again.</summary>
    TearDown,
}

/// <summary>What happens to a field that the spec renders and that another field manager has set to something else.</summary>
public enum ConflictRule
{
    /// <summary>It is left as it is and reported; a person chooses.</summary>
    Ask,

    /// <summary>The spec wins.</summary>
    TakeOver,

    /// <summary>The other manager keeps it.</summary>
    Leave,
}
