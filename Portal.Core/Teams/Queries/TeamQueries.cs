using Portal.Core.Access;
using Portal.Core.Persistence;

namespace Portal.Core.Teams.Queries;

public sealed class TeamQueries(PortalSessions sessions)
{
    /// <summary>The teams for which the actor may request environments.</summary>
    public async Task<IReadOnlyList<Team>> RequestableAsync(Actor actor, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var teams = await session.ListTeamsAsync(ct);
        return teams.Where(team => AccessPolicy.Allows(actor, Permission.RequestEnvironment, new Resource(team.Slug))).ToList();
    }

    public async Task<IReadOnlyList<Team>> VisibleAsync(Actor actor, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var teams = await session.ListTeamsAsync(ct);
        return teams.Where(team => actor.SeesEverything || actor.Teams.ContainsKey(team.Slug)).ToList();
    }

    /// <summary>Who a signed-in user is; null when the portal does not know the user.</summary>
    public async Task<Actor?> FindActorAsync(string userId, CancellationToken ct)
    {
        await using var session = sessions.Open();
        return await session.FindActorAsync(userId, ct);
    }
}
