using System.Security.Claims;

namespace Portal.Web.Auth;

/// <summary>What a cookie or a token says about a caller: the id of the user and the name to show, never a role.</summary>
/// <remarks>Roles are read from the database at each question, so that taking one away works at once.</remarks>
public static class PortalIdentity
{
    public static ClaimsPrincipal Of(string userId, string displayName, string scheme) =>
        new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, userId), new(ClaimTypes.Name, displayName)], scheme));

    /// <summary>Null for somebody who is not signed in.</summary>
    public static string? UserId(this ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true ? principal.FindFirstValue(ClaimTypes.NameIdentifier) : null;
}
