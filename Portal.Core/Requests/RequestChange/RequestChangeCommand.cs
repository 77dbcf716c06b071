using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Feeds;
using Portal.Core.Operations.Restoring;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Requests.RequestChange;

/// <summary>Submits a request to give a running environment another spec; carried out at once where policy asks for no approval.</summary>
public sealed class RequestChangeCommand(PortalSessions sessions, IPlanner planner, IReconcileTrigger trigger, ChangeSignal signal, PlatformOffers platform, TimeProvider time)
{
    public Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, EnvironmentSpec spec, string? reason, CancellationToken ct) =>
        ExecuteAsync(actor, id, spec, reason, policy: null, ct);

    /// <param name="policy">What was decided about a change of a known kind; null judges it as any change.</param>
    internal async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, EnvironmentSpec spec, string? reason, PolicyOutcome? policy, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.RequestChange, new Resource(environment.Team)) is { } denied)
        {
            return denied;
        }

        if (environment.CheckAlive() is { } dead)
        {
            return dead;
        }

        if (await session.FindPendingRequestAsync(id, ct) is { } open)
        {
            return RequestErrors.Pending(environment.Name, open.Id);
        }

        var errors = SpecValidator.Validate(spec, environment.Spec).Concat(RequestText.Check("reason", reason)).ToList();
        if (await RestoreSources.CheckSpecAsync(session, actor, environment, spec, platform, ct) is { } foreign)
        {
            errors.Add(foreign);
        }

        if (errors.Count == 0)
        {
            errors.AddRange(await HostNames.CheckAsync(session, actor, environment.Cluster, spec, (id, environment.Spec), ct));
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        if (SpecJson.Write(spec) == SpecJson.Write(environment.Spec))
        {
            return RequestErrors.NoChange(environment.Name);
        }

        var plan = await planner.PlanAsync(
            new PlanSubject(id, environment.Team, environment.Name, environment.Cluster, environment.Namespace, spec, environment.Generation + 1) { Ownership = environment.Ownership }, ct);
        if (!plan.IsSuccess)
        {
            return Result<EnvironmentRequest>.Refused(plan.Errors);
        }

        var now = time.GetUtcNow();
        var outcome = policy ?? RequestPolicy.Evaluate(RequestKind.Update, environment.Spec);
        var request = EnvironmentRequest.Submit(RequestKind.Update, environment, spec, plan.Value, outcome, actor, reason, now);
        session.Add(request);
        session.Add(AuditEntries.Of(actor, "environment.request-change", $"environment/{id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        if (outcome.RequiredApprovals == 0 && !await CarryOutAsync(session, request, environment, spec, actor, now, ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        signal.Publish(id);
        return request;
    }

    /// <remarks>After the request is stored and has its number. A process that dies in between leaves it open, and somebody may approve it.</remarks>
    private async Task<bool> CarryOutAsync(
        PortalSession session, EnvironmentRequest request, AppEnvironment environment, EnvironmentSpec spec, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        request.Close(RequestState.Approved, now);
        session.Add(environment.Approve(spec, request.Id, actor.UserId, now));
        if (!await session.TrySaveAsync(ct))
        {
            return false;
        }

        trigger.Wake(environment.Id);
        return true;
    }
}
