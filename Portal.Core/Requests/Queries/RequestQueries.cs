using Portal.Core.Access;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Requests.Queries;

/// <summary>Everything that is asked about requests. Each answer is only what the actor may see.</summary>
public sealed class RequestQueries(PortalSessions sessions)
{
    public async Task<Page<EnvironmentRequest>> ListAsync(Actor actor, RequestFilter filter, PageRequest page, CancellationToken ct)
    {
        await using var session = sessions.Open();
        return await session.ListRequestsAsync(actor.VisibleTeams(), filter, page, ct);
    }

    /// <summary>Open requests that the actor may decide on: nobody decides on their own.</summary>
    public async Task<Page<EnvironmentRequest>> WaitingForAsync(Actor actor, PageRequest page, CancellationToken ct) =>
        actor.SeesEverything
            ? await ListAsync(actor, new RequestFilter(RequestState.Pending, NotSubmittedBy: actor.UserId), page, ct)
            : new([], 0);

    public async Task<Result<EnvironmentRequest>> GetAsync(Actor actor, RequestId id, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var request = await session.FindRequestAsync(id, ct);
        if (request is null)
        {
            return RequestErrors.NotFound();
        }

        return AccessPolicy.Check(actor, Permission.ViewRequest, new Resource(request.Team)) is { } denied ? denied : request;
    }
}
