using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Requests.RequestDeletion;

/// <summary>Submits a request to delete an environment and its data; carried out at once where policy asks for no approval.</summary>
/// <remarks>The caller confirms with the environment's name: data dies.</remarks>
public sealed class RequestDeletionCommand(PortalSessions sessions, IPlanner planner, IReconcileTrigger trigger, ChangeSignal signal, TimeProvider time)
{
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, string? confirm, string? reason, DataDisposition data, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.RequestDeletion, new Resource(environment.Team)) is { } denied)
        {
            return denied;
        }

        if (environment.CheckDeletable(await session.LatestRolloutAsync(id, ct), data) is { } dead)
        {
            return dead;
        }

        if (await session.FindPendingRequestAsync(id, ct) is { } open)
        {
            return RequestErrors.Pending(environment.Name, open.Id);
        }

        var errors = RequestText.Check("reason", reason).ToList();
        if (confirm != environment.Name)
        {
            errors.Add(RequestErrors.ConfirmationWrong(environment.Name));
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        var plan = await planner.PlanAsync(
            new PlanSubject(id, environment.Team, environment.Name, environment.Cluster, environment.Namespace, null, environment.Generation) { Data = data }, ct);
        if (!plan.IsSuccess)
        {
            return Result<EnvironmentRequest>.Refused(plan.Errors);
        }

        var now = time.GetUtcNow();
        var policy = RequestPolicy.Evaluate(RequestKind.Delete, environment.Spec);
        var request = EnvironmentRequest.Submit(RequestKind.Delete, environment, null, plan.Value, policy, actor, reason, now, data);
        if (policy.RequiredApprovals == 0)
        {
            request.Close(RequestState.Approved, now);
            environment.ApproveDeletion(data, now);
        }

        session.Add(request);
        session.Add(AuditEntries.Of(actor, "environment.request-deletion", $"environment/{id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        trigger.Wake(id);
        signal.Publish(id);
        return request;
    }
}
