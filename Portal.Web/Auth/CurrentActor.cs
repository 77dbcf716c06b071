using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;
using Portal.Core.Teams.Queries;

namespace Portal.Web.Auth;

/// <summary>Who acts here: in a page (its circuit or its static rendering) and in an API request.</summary>
/// <remarks>Scoped. Asks the database each time, because a circuit may live for hours and roles change meanwhile.</remarks>
public sealed class CurrentActor(TeamQueries teams, AuthenticationStateProvider pages)
{
    private ClaimsPrincipal? _caller;

    /// <summary>Names the caller of an API request, where no page asks.</summary>
    public void Use(ClaimsPrincipal caller) => _caller = caller;

    /// <summary>The actor; somebody whom the portal does not know has no role and no team, so sees nothing.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the page or endpoint forgot to require it.</exception>
    public async Task<Actor> GetAsync(CancellationToken ct)
    {
        var principal = _caller ?? (await pages.GetAuthenticationStateAsync()).User;
        var userId = principal.UserId() ?? throw new InvalidOperationException("Nobody is signed in here.");
        return await teams.FindActorAsync(userId, ct)
            ?? new Actor(userId, principal.Identity!.Name ?? userId, PlatformRole.None, new Dictionary<string, TeamRole>());
    }
}
