using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Requests.Decide;

/// <summary>One approver's decision on what was looked at: the content hash says which content that was.</summary>
public sealed class DecideCommand(PortalSessions sessions, IReconcileTrigger trigger, ChangeSignal signal, TimeProvider time)
{
    public static Result<Verdict> ParseVerdict(string? word) => word switch
    {
        "approve" => Verdict.Approve,
        "reject" => Verdict.Reject,
        _ => RequestErrors.UnknownVerdict(word),
    };

    /// <param name="contentHash">The hash that the approver saw; null stands for the present one.</param>
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(
        Actor actor, RequestId id, Verdict verdict, string? comment, string? contentHash, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var request = await session.FindRequestAsync(id, ct);
        if (request is null)
        {
            return RequestErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.DecideRequest, new Resource(request.Team, request.SubmittedBy)) is { } denied)
        {
            return denied;
        }

        if (Check(actor, request, verdict, comment, contentHash) is { Count: > 0 } errors)
        {
            return errors;
        }

        var environment = await session.FindEnvironmentAsync(request.EnvironmentId, ct)
            ?? throw new InvalidOperationException($"Request {id} has no environment.");
        if (request.Kind == RequestKind.Create && !environment.AwaitsFirstDecision())
        {
            // Somebody decided between the two reads.
            return EnvironmentErrors.ChangedMeanwhile();
        }

        var obstacle = request.Kind == RequestKind.Delete ? environment.CheckDeletable(await session.LatestRolloutAsync(environment.Id, ct), request.Data) : environment.CheckAlive();
        if (verdict == Verdict.Approve && obstacle is { } dead)
        {
            // Its deletion was approved while this request was being submitted.
            return dead;
        }

        if (verdict == Verdict.Approve && await HostNames.CheckApprovalAsync(session, actor, request, environment, ct) is { Count: > 0 } taken)
        {
            return taken.ToList();
        }

        var now = time.GetUtcNow();
        request.Add(new Decision(actor.UserId, actor.DisplayName, verdict, string.IsNullOrWhiteSpace(comment) ? null : comment.Trim(), request.ContentHash, now));
        if (CarryOut(request, environment, verdict, actor, now) is { } generation)
        {
            session.Add(generation);
        }

        session.Add(AuditEntries.Of(actor, verdict == Verdict.Approve ? "request.approve" : "request.reject", $"request/{id}", request.Team, now));
        session.Add(AuditEntries.Of(actor, verdict == Verdict.Approve ? "request.approve" : "request.reject", $"environment/{environment.Id}", request.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        trigger.Wake(environment.Id);
        signal.Publish(environment.Id);
        return request;
    }

    private static List<Error> Check(Actor actor, EnvironmentRequest request, Verdict verdict, string? comment, string? contentHash)
    {
        var errors = new List<Error>();
        if (request.State != RequestState.Pending)
        {
            errors.Add(RequestErrors.Closed(request.Id, request.State));
        }
        else if (request.Decisions.Any(decision => decision.ApproverId == actor.UserId))
        {
            errors.Add(RequestErrors.AlreadyDecided(request.Id));
        }

        if (contentHash is not null && contentHash != request.ContentHash)
        {
            errors.Add(RequestErrors.ContentChanged(request.Id));
        }

        if (verdict == Verdict.Reject && string.IsNullOrWhiteSpace(comment))
        {
            errors.Add(RequestErrors.CommentMissing());
        }

        errors.AddRange(RequestText.Check("comment", comment));
        return errors;
    }

    /// <returns>The generation that begins, if one does.</returns>
    private static GenerationRecord? CarryOut(EnvironmentRequest request, AppEnvironment environment, Verdict verdict, Actor actor, DateTimeOffset now)
    {
        if (verdict == Verdict.Reject)
        {
            request.Close(RequestState.Rejected, now);
            if (request.Kind == RequestKind.Create)
            {
                environment.Abandon($"Request {request.Id} was rejected.");
            }

            return null;
        }

        if (request.Decisions.Count(decision => decision.Verdict == Verdict.Approve) < request.RequiredApprovals)
        {
            return null;
        }

        request.Close(RequestState.Approved, now);
        if (request.Kind == RequestKind.Delete)
        {
            environment.ApproveDeletion(request.Data, now);
            return null;
        }

        return environment.Approve(request.Spec!, request.Id, actor.UserId, now);
    }
}
