using Portal.Core.Access;
using Portal.Core.Persistence;
using Portal.Core.Teams;

namespace Portal.Web.Auth;

/// <summary>Puts the demo people and teams into the database. Repeating it changes nothing.</summary>
public static class DemoSeed
{
    public static async Task PlantAsync(PortalSessions sessions, CancellationToken ct)
    {
        await using var session = sessions.Open();
        foreach (var team in DemoPersonas.Teams)
        {
            await session.UpsertAsync(team, ct);
        }

        foreach (var persona in DemoPersonas.All)
        {
            Membership[] memberships = persona.Team is { } team ? [new(team, persona.UserId, TeamRole.Member)] : [];
            await session.UpsertAsync(new User(persona.UserId, persona.DisplayName, persona.Role), memberships, ct);
        }

        // False means that another replica planted the same rows at the same moment.
        await session.TrySaveAsync(ct);
    }
}
