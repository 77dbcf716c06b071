using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Requests.Withdraw;

/// <summary>Takes back a request that is not decided yet; the name that a new environment had reserved is free again.</summary>
public sealed class WithdrawCommand(PortalSessions sessions, ChangeSignal signal, TimeProvider time)
{
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, RequestId id, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var request = await session.FindRequestAsync(id, ct);
        if (request is null)
        {
            return RequestErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.WithdrawRequest, new Resource(request.Team, request.SubmittedBy)) is { } denied)
        {
            return denied;
        }

        if (request.State != RequestState.Pending)
        {
            return RequestErrors.Closed(id, request.State);
        }

        var environment = await session.FindEnvironmentAsync(request.EnvironmentId, ct)
            ?? throw new InvalidOperationException($"Request {id} has no environment.");
        if (request.Kind == RequestKind.Create && !environment.AwaitsFirstDecision())
        {
            // Somebody decided between the two reads.
            return EnvironmentErrors.ChangedMeanwhile();
        }

        var now = time.GetUtcNow();
        request.Close(RequestState.Withdrawn, now);
        if (request.Kind == RequestKind.Create)
        {
            environment.Abandon($"Request {id} was withdrawn.");
        }

        session.Add(AuditEntries.Of(actor, "request.withdraw", $"request/{id}", request.Team, now));
        session.Add(AuditEntries.Of(actor, "request.withdraw", $"environment/{environment.Id}", request.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        signal.Publish(environment.Id);
        return request;
    }
}
