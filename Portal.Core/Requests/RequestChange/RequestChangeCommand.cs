using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Results;

namespace Portal.Core.Requests.RequestChange;

/// <summary>Submits a request to give a running environment another spec.</summary>
public sealed class RequestChangeCommand(PortalSessions sessions, IPlanner planner, ChangeSignal signal, TimeProvider time)
{
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, EnvironmentSpec spec, string? reason, CancellationToken ct)
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
        var request = EnvironmentRequest.Submit(
            RequestKind.Update, environment, spec, plan.Value, RequestPolicy.Evaluate(RequestKind.Update, environment.Spec), actor, reason, now);
        session.Add(request);
        session.Add(AuditEntries.Of(actor, "environment.request-change", $"environment/{id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        signal.Publish(id);
        return request;
    }
}
