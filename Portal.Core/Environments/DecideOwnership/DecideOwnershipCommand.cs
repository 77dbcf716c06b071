using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Feeds;
using Portal.Core.Persistence;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Environments.DecideOwnership;

/// <summary>A person's choice about fields that another field manager has set: the spec wins, or the other keeps them.</summary>
public sealed class DecideOwnershipCommand(PortalSessions sessions, IReconcileTrigger trigger, ChangeSignal signal, TimeProvider time)
{
    public static Result<OwnershipChoice> ParseChoice(string? word) => word switch
    {
        "takeOver" => OwnershipChoice.TakeOver,
        "leave" => OwnershipChoice.Leave,
        _ => EnvironmentErrors.UnknownOwnershipChoice(word),
    };

    public async Task<Result<AppEnvironment>> ExecuteAsync(
        Actor actor, EnvironmentId id, string kind, string name, string manager, OwnershipChoice choice, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.OperateEnvironment, new Resource(environment.Team)) is { } denied)
        {
            return denied;
        }

        if (environment.CheckAlive() is { } dead)
        {
            return dead;
        }

        if (!environment.Status.Conflicts.Any(conflict => (conflict.Kind, conflict.Name, conflict.Manager) == (kind, name, manager)))
        {
            return EnvironmentErrors.NoSuchConflict(environment.Name);
        }

        var now = time.GetUtcNow();
        environment.Decide(new(kind, name, manager, choice, actor.UserId, now));
        session.Add(AuditEntries.Of(
            actor, choice == OwnershipChoice.TakeOver ? "environment.take-over" : "environment.leave", $"environment/{id}", environment.Team, now));
        if (!await session.TrySaveAsync(ct))
        {
            return EnvironmentErrors.ChangedMeanwhile();
        }

        trigger.Wake(id);
        signal.Publish(id);
        return environment;
    }
}
