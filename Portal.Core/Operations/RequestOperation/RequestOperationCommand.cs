using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Operations.Restoring;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Results;

namespace Portal.Core.Operations.RequestOperation;

/// <summary>Submits a request to do an operation; carried out at once where policy asks for no approval.</summary>
public sealed class RequestOperationCommand(PortalSessions sessions, RequestChangeCommand change, PlatformOffers platform)
{
    /// <param name="confirm">The environment's name, for an operation that replaces data.</param>
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, Operation operation, string? confirm, string? reason, CancellationToken ct)
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

        if (environment.Generation == 0)
        {
            return OperationErrors.NotProvisioned(environment.Name);
        }

        AppEnvironment? source = null;
        if (operation is Operation.Restore { From: { } from })
        {
            var found = await RestoreSources.FindAsync(session, actor, environment, from, platform, RestoreSources.Value, ct);
            if (!found.IsSuccess)
            {
                return Result<EnvironmentRequest>.Refused(found.Errors);
            }

            source = found.Value;
        }

        var wanted = OperationRules.Apply(operation, environment.Spec, source);
        if (!wanted.IsSuccess)
        {
            return Result<EnvironmentRequest>.Refused(wanted.Errors);
        }

        if (OperationText.ReplacesData(operation) && confirm != environment.Name)
        {
            return OperationErrors.ConfirmationWrong(environment.Name);
        }

        var title = OperationText.Title(operation, source);
        var outcome = OperationPolicy.Evaluate(operation, environment.Spec, source is null ? null : DataOrigin.Of(source, environment));
        return await change.ExecuteAsync(actor, id, wanted.Value, string.IsNullOrWhiteSpace(reason) ? title : $"{title}: {reason.Trim()}", outcome, ct);
    }
}
