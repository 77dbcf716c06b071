namespace Portal.Provisioning.Reconciling;

/// <summary>How an activation ended, and when to look again.</summary>
public abstract record ReconcileResult
{
    private ReconcileResult()
    {
    }

    /// <summary>Desired and actual state agree; looked at again from time to time.</summary>
    public sealed record Settled : ReconcileResult;

    /// <summary>There is nothing to reconcile any more: deleted, or never approved.</summary>
    public sealed record Ended : ReconcileResult;

    /// <summary>The cluster is at work; an event or the timer wakes the next step.</summary>
    public sealed record Waiting(string Reason, TimeSpan LookAgain) : ReconcileResult;

    /// <summary>Something outside failed; tried again with growing pauses.</summary>
    public sealed record Failed(string Reason, TimeSpan? RetryAfter = null) : ReconcileResult;

    /// <summary>Needs a person or another spec; looked at again slowly.</summary>
    public sealed record Stuck(string Reason) : ReconcileResult;
}
