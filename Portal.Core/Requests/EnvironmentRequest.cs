using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;

namespace Portal.Core.Requests;

public enum RequestKind
{
    Create,
    Update,
    Delete,
}

public enum RequestState
{
    Pending,
    Approved,
    Rejected,
    Withdrawn,
}

/// <summary>A proposed change of an environment with its plan and the decisions on it.</summary>
public sealed class EnvironmentRequest
{
    private readonly List<Decision> _decisions = [];

    private EnvironmentRequest()
    {
    }

    public RequestId Id { get; private set; }

    public RequestKind Kind { get; private set; }

    public EnvironmentId EnvironmentId { get; private set; }

    public string Team { get; private set; } = "";

    public string EnvironmentName { get; private set; } = "";

    /// <summary>The wanted spec; null for a deletion.</summary>
    public EnvironmentSpec? Spec { get; private set; }

    /// <summary>For a deletion: what becomes of the data.</summary>
    public DataDisposition Data { get; private set; }

    public Plan Plan { get; private set; } = null!;

    /// <summary>Hash over spec and plan. A decision is for one hash.</summary>
    public string ContentHash { get; private set; } = "";

    public RequestState State { get; private set; }

    public string SubmittedBy { get; private set; } = "";

    public string SubmittedByName { get; private set; } = "";

    public DateTimeOffset SubmittedAt { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>What the policy said, in a sentence.</summary>
    public string PolicySentence { get; private set; } = "";

    public int RequiredApprovals { get; private set; }

    public DateTimeOffset? ClosedAt { get; private set; }

    public long Version { get; private set; }

    public IReadOnlyList<Decision> Decisions => _decisions;

    public static EnvironmentRequest Submit(
        RequestKind kind, AppEnvironment environment, EnvironmentSpec? spec, Plan plan, PolicyOutcome policy, Access.Actor actor, string? reason, DateTimeOffset now,
        DataDisposition data = DataDisposition.Delete) => new()
        {
            Kind = kind,
            EnvironmentId = environment.Id,
            Team = environment.Team,
            EnvironmentName = environment.Name,
            Spec = spec,
            Data = data,
            Plan = plan,
            ContentHash = Requests.ContentHash.Of(spec, plan),
            SubmittedBy = actor.UserId,
            SubmittedByName = actor.DisplayName,
            SubmittedAt = now,
            Reason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
            PolicySentence = policy.Sentence,
            RequiredApprovals = policy.RequiredApprovals,
        };

    /// <remarks>Raises the version: two who decide at the same moment each counted without the other, so one has to look again.</remarks>
    public void Add(Decision decision)
    {
        _decisions.Add(decision);
        Version++;
    }

    /// <exception cref="InvalidOperationException">The request is closed already.</exception>
    public void Close(RequestState state, DateTimeOffset now)
    {
        if (State != RequestState.Pending)
        {
            throw new InvalidOperationException($"Request {Id} is {State}; it cannot become {state}.");
        }

        State = state;
        ClosedAt = now;
        Version++;
    }
}
