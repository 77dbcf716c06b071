namespace Portal.Core.Audit;

/// <summary>Who did what to which thing, when. Append-only; holds identities and numbers, never content, so it cannot hold a secret.</summary>
/// <param name="Verb">A stable word, for example <c>request.approve</c>.</param>
/// <param name="Subject">Kind and id of the thing, for example <c>request/17</c>.</param>
public sealed record AuditEntry(DateTimeOffset At, string ActorId, string ActorName, string Verb, string Subject, string Team)
{
    public long Id { get; init; }
}
