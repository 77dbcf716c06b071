using Portal.Core.Environments.Specs;

namespace Portal.Core.Requests;

/// <summary>How many approvals a request needs, and why.</summary>
public sealed record PolicyOutcome(int RequiredApprovals, string Sentence);

/// <summary>The built-in policy: new and changed environments need one approval; what is not production may be deleted by its team.</summary>
public static class RequestPolicy
{
    public static PolicyOutcome Evaluate(RequestKind kind, EnvironmentSpec spec) => (kind, spec.Purpose) switch
    {
        (RequestKind.Delete, not Purpose.Production) =>
            new(0, $"Approved by policy: a team may delete its own {spec.Purpose.ToString().ToLowerInvariant()} environments."),
        (RequestKind.Delete, _) => new(1, "Needs one approval: it deletes a production environment and its data."),
        (RequestKind.Update, _) => new(1, "Needs one approval: it changes a running environment."),
        _ => new(1, "Needs one approval: it is a new environment."),
    };
}
