using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Results;
using Portal.Core.Rollouts;
using Portal.Core.Teams;

namespace Portal.Core.Persistence;

/// <summary>One unit of work: reads by the questions that commands and queries ask, and one save.</summary>
/// <remarks>Not thread-safe; live for one command. Authorization is the caller's: this answers whoever asks.</remarks>
public sealed class PortalSession : IAsyncDisposable
{
    private readonly PortalDbContext _context;

    internal PortalSession(PortalDbContext context) => _context = context;

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    public Task<AppEnvironment?> FindEnvironmentAsync(EnvironmentId id, CancellationToken ct) =>
        _context.Environments.FirstOrDefaultAsync(environment => environment.Id == id, ct);

    /// <summary>Whether something that is not deleted has this name in the team, or this namespace on the cluster.</summary>
    public Task<bool> IsNameTakenAsync(string team, string name, string cluster, string namespaceName, CancellationToken ct) =>
        _context.Environments.AnyAsync(
            environment => environment.Status.Phase != EnvironmentPhase.Deleted
                && ((environment.Team == team && environment.Name == name) || (environment.Cluster == cluster && environment.Namespace == namespaceName)), ct);

    /// <summary>An environment on the cluster that is not deleted and answers for the host name, other than the given one; null when there is none.</summary>
    /// <param name="onlyApproved">Leaves out environments whose first request is still open: they hold the name against new requests only.</param>
    public Task<AppEnvironment?> FindHostAsync(string cluster, string host, EnvironmentId? except, bool onlyApproved, CancellationToken ct) =>
        _context.HostNames
            .Where(row => row.Cluster == cluster && row.Host == host && (row.Approved || !onlyApproved) && row.EnvironmentId != except)
            .Join(_context.Environments.AsNoTracking(), row => row.EnvironmentId, environment => environment.Id, (_, environment) => environment)
            .FirstOrDefaultAsync(ct);

    /// <summary>Environments of the teams (all when null), newest first.</summary>
    public async Task<Page<AppEnvironment>> ListEnvironmentsAsync(IReadOnlyCollection<string>? teams, EnvironmentFilter filter, PageRequest page, CancellationToken ct)
    {
        var query = _context.Environments.AsNoTracking();
        query = teams is null ? query : query.Where(environment => teams.Contains(environment.Team));
        query = filter.IncludeDeleted || filter.Phase == EnvironmentPhase.Deleted ? query : query.Where(environment => environment.Status.Phase != EnvironmentPhase.Deleted);
        query = filter.Phase is { } phase ? query.Where(environment => environment.Status.Phase == phase) : query;
        query = filter.Team is { } team ? query.Where(environment => environment.Team == team) : query;
        var search = filter.Search?.Trim().ToLowerInvariant();
        if ((search is not null && !UserText.IsStorable(search)) || (filter.Team is not null && !UserText.IsStorable(filter.Team)))
        {
            return new([], 0);
        }

        query = string.IsNullOrEmpty(search) ? query : query.Where(environment => environment.Name.Contains(search));
        return await PageAsync(query.OrderByDescending(environment => environment.CreatedAt).ThenBy(environment => environment.Name).ThenBy(environment => environment.Id), page, ct);
    }

    public Task<EnvironmentRequest?> FindRequestAsync(RequestId id, CancellationToken ct) =>
        _context.Requests.FirstOrDefaultAsync(request => request.Id == id, ct);

    public Task<EnvironmentRequest?> FindPendingRequestAsync(EnvironmentId id, CancellationToken ct) =>
        _context.Requests.FirstOrDefaultAsync(request => request.EnvironmentId == id && request.State == RequestState.Pending, ct);

    /// <summary>Requests of the teams (all when null), newest first.</summary>
    public async Task<Page<EnvironmentRequest>> ListRequestsAsync(IReadOnlyCollection<string>? teams, RequestFilter filter, PageRequest page, CancellationToken ct)
    {
        var query = _context.Requests.AsNoTracking();
        query = teams is null ? query : query.Where(request => teams.Contains(request.Team));
        query = filter.State is { } state ? query.Where(request => request.State == state) : query;
        query = filter.SubmittedBy is { } user ? query.Where(request => request.SubmittedBy == user) : query;
        query = filter.NotSubmittedBy is { } other ? query.Where(request => request.SubmittedBy != other) : query;
        query = filter.Environment is { } environment ? query.Where(request => request.EnvironmentId == environment) : query;
        return await PageAsync(query.OrderByDescending(request => request.Id), page, ct);
    }

    public async Task<IReadOnlyList<Rollout>> ListRolloutsAsync(EnvironmentId id, CancellationToken ct) =>
        await _context.Rollouts.AsNoTracking().Where(rollout => rollout.EnvironmentId == id).OrderByDescending(rollout => rollout.Id).Take(100).ToListAsync(ct);

    public Task<Rollout?> LatestRolloutAsync(EnvironmentId id, CancellationToken ct) =>
        _context.Rollouts.AsNoTracking().Where(rollout => rollout.EnvironmentId == id).OrderByDescending(rollout => rollout.Id).FirstOrDefaultAsync(ct);

    /// <summary>The generations of an environment, newest first.</summary>
    public async Task<IReadOnlyList<GenerationRecord>> ListGenerationsAsync(EnvironmentId id, CancellationToken ct) =>
        await _context.Generations.AsNoTracking().Where(record => record.EnvironmentId == id).OrderByDescending(record => record.Number).Take(100).ToListAsync(ct);

    public Task<GenerationRecord?> FindGenerationAsync(EnvironmentId id, long number, CancellationToken ct) =>
        _context.Generations.AsNoTracking().FirstOrDefaultAsync(record => record.EnvironmentId == id && record.Number == number, ct);

    public async Task<IReadOnlyList<InventoryEntry>> InventoryAsync(EnvironmentId id, CancellationToken ct) =>
        (await _context.Inventories.AsNoTracking().FirstOrDefaultAsync(row => row.EnvironmentId == id, ct))?.Entries ?? [];

    public async Task<IReadOnlyList<AuditEntry>> AuditOfAsync(string subject, CancellationToken ct) =>
        await _context.Audit.AsNoTracking().Where(entry => entry.Subject == subject).OrderByDescending(entry => entry.Id).Take(200).ToListAsync(ct);

    public async Task<bool> TeamExistsAsync(string slug, CancellationToken ct) =>
        slug is not null && UserText.IsStorable(slug) && await _context.Teams.AnyAsync(team => team.Slug == slug, ct);

    public async Task<IReadOnlyList<Team>> ListTeamsAsync(CancellationToken ct) =>
        await _context.Teams.AsNoTracking().OrderBy(team => team.Name).ToListAsync(ct);

    public async Task<Actor?> FindActorAsync(string userId, CancellationToken ct)
    {
        var user = await _context.Users.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == userId, ct);
        if (user is null)
        {
            return null;
        }

        var memberships = await _context.Memberships.AsNoTracking().Where(membership => membership.UserId == userId).ToListAsync(ct);
        return new Actor(user.Id, user.DisplayName, user.PlatformRole, memberships.ToDictionary(membership => membership.TeamSlug, membership => membership.Role));
    }

    public void Add(AppEnvironment environment) => _context.Add(environment);

    public void Add(EnvironmentRequest request) => _context.Add(request);

    public void Add(GenerationRecord generation) => _context.Add(generation);

    public void Add(AuditEntry entry) => _context.Add(entry);

    public async Task UpsertAsync(Team team, CancellationToken ct)
    {
        if (!await _context.Teams.AnyAsync(existing => existing.Slug == team.Slug, ct))
        {
            _context.Add(team);
        }
    }

    public async Task UpsertAsync(User user, IEnumerable<Membership> memberships, CancellationToken ct)
    {
        if (!await _context.Users.AnyAsync(existing => existing.Id == user.Id, ct))
        {
            _context.Add(user);
            _context.AddRange(memberships);
        }
    }

    /// <summary>Saves everything in one transaction; false when somebody else changed one of the rows meanwhile and nothing was saved.</summary>
    public async Task<bool> TrySaveAsync(CancellationToken ct)
    {
        try
        {
            await HostNameRows.FollowAsync(_context, ct);
            await _context.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        catch (DbUpdateException collision) when (UniqueViolation.Is(collision))
        {
            return false;
        }
    }

    private static async Task<Page<T>> PageAsync<T>(IQueryable<T> query, PageRequest page, CancellationToken ct)
    {
        var total = await query.CountAsync(ct);
        var items = await query.Skip(page.Skip).Take(page.Take).ToListAsync(ct);
        return new(items, total);
    }
}
