using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Plans;
using Portal.Core.Results;

namespace Portal.Core.Requests.RequestEnvironment;

/// <summary>What a team asks for: a new environment.</summary>
/// <param name="Cluster">Where it shall run; null leaves it to the portal.</param>
public sealed record NewEnvironment(string Team, string Name, EnvironmentSpec Spec, string? Reason = null, string? Cluster = null);

/// <summary>Submits a request for a new environment and reserves its name.</summary>
public sealed class RequestEnvironmentCommand(PortalSessions sessions, IPlanner planner, ClusterCatalog clusters, ChangeSignal signal, TimeProvider time)
{
    /// <summary>All that is wrong with the input itself, for the form while it is typed. Does not look at names that exist.</summary>
    public static IReadOnlyList<Error> Validate(NewEnvironment wanted)
    {
        var errors = new List<Error>();
        if (EnvironmentName.Check(wanted.Name) is { } badName)
        {
            errors.Add(badName);
        }

        errors.AddRange(SpecValidator.ValidateNew(wanted.Spec));
        errors.AddRange(RequestText.Check("reason", wanted.Reason));
        return errors;
    }

    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, NewEnvironment wanted, CancellationToken ct)
    {
        await using var session = sessions.Open();
        if (!await session.TeamExistsAsync(wanted.Team, ct))
        {
            return AccessErrors.UnknownTeam(wanted.Team);
        }

        if (AccessPolicy.Check(actor, Permission.RequestEnvironment, new Resource(wanted.Team)) is { } denied)
        {
            return denied;
        }

        var errors = Validate(wanted).ToList();
        var choice = clusters.Choose(wanted.Cluster);
        errors.AddRange(choice.Errors);
        var cluster = choice.IsSuccess ? choice.Value : clusters.Default;
        // Only of what is right otherwise: a host name that is none is not looked for.
        var hosts = errors.Count == 0 ? await HostNames.CheckAsync(session, actor, cluster, wanted.Spec, environment: null, ct) : [];
        if (EnvironmentName.Check(wanted.Name) is null
            && await session.IsNameTakenAsync(wanted.Team, wanted.Name, cluster, EnvironmentName.Namespace(wanted.Team, wanted.Name), ct))
        {
            // The host name of a taken name is mostly taken with it; nobody needs to be told twice.
            errors.Add(EnvironmentErrors.NameTaken(wanted.Name));
        }
        else
        {
            errors.AddRange(hosts);
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        var now = time.GetUtcNow();
        var environment = AppEnvironment.Request(EnvironmentId.New(time), wanted.Team, wanted.Name, cluster, wanted.Spec, actor.UserId, now);
        var plan = await planner.PlanAsync(new PlanSubject(environment.Id, environment.Team, environment.Name, cluster, environment.Namespace, wanted.Spec, 1), ct);
        if (!plan.IsSuccess)
        {
            return Result<EnvironmentRequest>.Refused(plan.Errors);
        }

        var request = EnvironmentRequest.Submit(
            RequestKind.Create, environment, wanted.Spec, plan.Value, RequestPolicy.Evaluate(RequestKind.Create, wanted.Spec), actor, wanted.Reason, now);
        session.Add(environment);
        session.Add(request);
        session.Add(AuditEntries.Of(actor, "environment.request", $"environment/{environment.Id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.NameTaken(wanted.Name);
        }

        signal.Publish(environment.Id);
        return request;
    }
}
