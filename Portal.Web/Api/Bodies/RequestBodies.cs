using System.Text.Json.Serialization;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Plans;
using Portal.Core.Requests;

namespace Portal.Web.Api.Bodies;

/// <summary>A decision to make.</summary>
public sealed record DecisionBody
{
    /// <summary>approve or reject.</summary>
    public required string Verdict { get; init; }

    public string? Comment { get; init; }

    /// <summary>The content that was looked at; the decision is refused when it is not the present one.</summary>
    public string? ContentHash { get; init; }
}

/// <summary>A request in a list.</summary>
public record RequestSummary(
    long Id, RequestKind Kind, RequestState State, string Team, string EnvironmentId, string EnvironmentName,
    string SubmittedBy, string SubmittedByName, DateTimeOffset SubmittedAt, DateTimeOffset? ClosedAt, string? Reason,
    string Policy, int RequiredApprovals, int Approvals, string ContentHash)
{
    public static RequestSummary Of(EnvironmentRequest request) => new(
        request.Id.Value, request.Kind, request.State, request.Team, request.EnvironmentId.ToString(), request.EnvironmentName,
        request.SubmittedBy, request.SubmittedByName, request.SubmittedAt, request.ClosedAt, request.Reason,
        request.PolicySentence, request.RequiredApprovals, request.Decisions.Count(decision => decision.Verdict == Verdict.Approve), request.ContentHash);
}

/// <summary>One request with its plan, its spec and the decisions on it.</summary>
public sealed record RequestBody : RequestSummary
{
    private RequestBody(RequestSummary summary)
        : base(summary)
    {
    }

    [JsonPropertyOrder(1)]
    public required IReadOnlyList<DecisionMade> Decisions { get; init; }

    [JsonPropertyOrder(1)]
    public required PlanBody Plan { get; init; }

    /// <summary>The wanted spec; null for a deletion.</summary>
    [JsonPropertyOrder(1)]
    public required EnvironmentSpec? Spec { get; init; }

    /// <summary>For a deletion what becomes of the data: delete, keep or backup; null for all else.</summary>
    [JsonPropertyOrder(1)]
    public required string? Data { get; init; }

    public static new RequestBody Of(EnvironmentRequest request) => new(RequestSummary.Of(request))
    {
        Decisions = request.Decisions.Select(DecisionMade.Of).ToList(),
        Plan = PlanBody.Of(request.Plan),
        Spec = request.Spec,
        Data = request.Kind == RequestKind.Delete ? request.Data.ToString().ToLowerInvariant() : null,
    };
}

/// <summary>What a request would do to the cluster, object by object, and what the cluster says against it.</summary>
public sealed record PlanBody(IReadOnlyList<PlanLine> Entries, IReadOnlyList<string> Notes, IReadOnlyList<PlanProblem> Problems)
{
    public static PlanBody Of(Plan plan) => new([.. plan.Entries.Select(PlanLine.Of)], plan.Notes, plan.Problems);
}

/// <summary>What happens to one object.</summary>
/// <param name="Changes">For a change or a replacement, the fields that will differ. Of a Secret never a value.</param>
/// <param name="Reason">For a replacement, why the object cannot be changed in place.</param>
public sealed record PlanLine(
    PlanAction Action, string Component, string ApiVersion, string Kind, string? Namespace, string Name, IReadOnlyList<FieldChange> Changes, string? Reason)
{
    public static PlanLine Of(PlanEntry entry) => new(
        entry.Action, entry.Component.Slug(), entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name, entry.Changes, entry.Reason);
}

public sealed record DecisionMade(string ApproverId, string ApproverName, Verdict Verdict, string? Comment, string ContentHash, DateTimeOffset At)
{
    public static DecisionMade Of(Decision decision) =>
        new(decision.ApproverId, decision.ApproverName, decision.Verdict, decision.Comment, decision.ContentHash, decision.At);
}
