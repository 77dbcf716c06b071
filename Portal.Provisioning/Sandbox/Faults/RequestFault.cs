namespace Portal.Provisioning.Sandbox;

/// <summary>What goes wrong with the API requests that match; every filter left null matches all.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete or deletecollection.</param>
/// <param name="Kind">Such as <c>Deployment</c>.</param>
/// <param name="Status">409, 429, 500, 503 or 504; used by <see cref="RequestEffect.Answer"/> only.</param>
/// <param name="Drop">Short for <see cref="RequestEffect.CutBefore"/>.</param>
/// <param name="Times">After so many hits the rule is spent; null for ever.</param>
public sealed record RequestFault(string? Verb, string? Kind, int Status = 500, int? RetryAfterSeconds = null, bool Drop = false, int? Times = null)
{
    public RequestEffect Effect { get; init; } = Drop ? RequestEffect.CutBefore : RequestEffect.Answer;

    public string? Namespace { get; init; }

    /// <summary>The name of the object, for a create the one in its body.</summary>
    public string? Name { get; init; }

    /// <summary>So many matching requests are served before the first hit.</summary>
    public int Skip { get; init; }

    /// <summary>What passes before the effect; for <see cref="RequestEffect.SlowBody"/> how long the answer takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>For <see cref="RequestEffect.CutBody"/> on a watch: so many events arrive whole before the one that breaks off.</summary>
    public int WholeEvents { get; init; }

    internal bool Matches(RequestTarget target) =>
        (Verb is null || Verb == target.Verb)
        && (Kind is null || Kind == target.Kind)
        && (Namespace is null || Namespace == target.Namespace)
        && (Name is null || Name == target.Name)
        && (Effect != RequestEffect.Expire || target.Resumes);
}
