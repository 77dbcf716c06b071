using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Core.Environments.Queries;

/// <summary>Everything that is asked about environments. Each answer is only what the actor may see.</summary>
public sealed class EnvironmentQueries(PortalSessions sessions)
{
    public async Task<Page<AppEnvironment>> ListAsync(Actor actor, EnvironmentFilter filter, PageRequest page, CancellationToken ct)
    {
        await using var session = sessions.Open();
        return await session.ListEnvironmentsAsync(actor.VisibleTeams(), filter, page, ct);
    }

    public async Task<Result<AppEnvironment>> GetAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        return AccessPolicy.Check(actor, Permission.ViewEnvironment, new Resource(environment.Team)) is { } denied ? denied : environment;
    }

    public async Task<Result<IReadOnlyList<Rollout>>> RolloutsAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var environment = await GetAsync(actor, id, ct);
        if (!environment.IsSuccess)
        {
            return Result<IReadOnlyList<Rollout>>.Refused(environment.Errors);
        }

        await using var session = sessions.Open();
        return (await session.ListRolloutsAsync(id, ct)).ToList();
    }

    /// <summary>The generations that the environment had, newest first.</summary>
    public async Task<Result<IReadOnlyList<GenerationRecord>>> GenerationsAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var environment = await GetAsync(actor, id, ct);
        if (!environment.IsSuccess)
        {
            return Result<IReadOnlyList<GenerationRecord>>.Refused(environment.Errors);
        }

        await using var session = sessions.Open();
        return (await session.ListGenerationsAsync(id, ct)).ToList();
    }

    public async Task<Result<IReadOnlyList<InventoryEntry>>> InventoryAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var environment = await GetAsync(actor, id, ct);
        if (!environment.IsSuccess)
        {
            return Result<IReadOnlyList<InventoryEntry>>.Refused(environment.Errors);
        }

        await using var session = sessions.Open();
        return (await session.InventoryAsync(id, ct)).ToList();
    }

    public async Task<Result<IReadOnlyList<AuditEntry>>> ActivityAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var environment = await GetAsync(actor, id, ct);
        if (!environment.IsSuccess)
        {
            return Result<IReadOnlyList<AuditEntry>>.Refused(environment.Errors);
        }

        await using var session = sessions.Open();
        return (await session.AuditOfAsync($"environment/{id}", ct)).ToList();
    }

    public async Task<EnvironmentRequest?> OpenRequestAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var request = await session.FindPendingRequestAsync(id, ct);
        return request is not null && AccessPolicy.Allows(actor, Permission.ViewRequest, new Resource(request.Team)) ? request : null;
    }
}
