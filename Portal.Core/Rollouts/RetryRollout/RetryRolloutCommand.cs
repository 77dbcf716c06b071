using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Rollouts.RetryRollout;

/// <summary>Gives what failed or is stuck another try with fresh deadlines. It changes no spec, so it needs no approval.</summary>
public sealed class RetryRolloutCommand(PortalSessions sessions, IReconcileTrigger trigger, ChangeSignal signal, TimeProvider time)
{
    public async Task<Result<AppEnvironment>> ExecuteAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        if (Check(actor, environment) is { } refused)
        {
            return refused;
        }

        var now = time.GetUtcNow();
        environment.Retry(now);
        session.Add(AuditEntries.Of(actor, "environment.retry", $"environment/{id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        trigger.Wake(id);
        signal.Publish(id);
        return environment;
    }

    /// <summary>Why the actor cannot retry now; null when he can.</summary>
    public static Error? Check(Actor actor, AppEnvironment environment) =>
        AccessPolicy.Check(actor, Permission.OperateEnvironment, new Resource(environment.Team))
        ?? (environment.IsDeleted ? EnvironmentErrors.Deleted(environment.Name) : null)
        ?? (environment.Status.Phase == EnvironmentPhase.Stuck ? null : EnvironmentErrors.NothingToRetry(environment.Name));
}
