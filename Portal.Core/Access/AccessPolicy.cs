using Portal.Core.Results;

namespace Portal.Core.Access;

/// <summary>The one place that decides who may do what. Every command and query asks it; pages and endpoints only ask too.</summary>
/// <remarks>Pure. A thing that the actor may not see answers "not found", so that its existence is not told.</remarks>
public static class AccessPolicy
{
    public static bool Allows(Actor actor, Permission permission, Resource resource) => Check(actor, permission, resource) is null;

    /// <summary>Null when allowed, else the reason in a sentence for the user.</summary>
    public static Error? Check(Actor actor, Permission permission, Resource resource)
    {
        if (!CanSee(actor, resource))
        {
            return AccessErrors.NotFound(permission, resource);
        }

        return permission switch
        {
            Permission.ViewEnvironment or Permission.ViewRequest => null,
            Permission.RequestEnvironment or Permission.RequestChange or Permission.RequestDeletion or Permission.OperateEnvironment =>
                IsMember(actor, resource) ? null : AccessErrors.NotMember(resource.Team),
            Permission.WithdrawRequest =>
                resource.MadeBy == actor.UserId || actor.PlatformRole == PlatformRole.Administrator ? null : AccessErrors.NotSubmitter(),
            Permission.DecideRequest when !actor.SeesEverything => AccessErrors.NotApprover(),
            Permission.DecideRequest => resource.MadeBy == actor.UserId ? AccessErrors.OwnRequest() : null,
            Permission.ViewAudit => actor.PlatformRole == PlatformRole.Administrator ? null : AccessErrors.NotAdministrator(),
            _ => throw new ArgumentOutOfRangeException(nameof(permission), permission, "Unknown permission."),
        };
    }

    private static bool CanSee(Actor actor, Resource resource) =>
        actor.SeesEverything || actor.Teams.ContainsKey(resource.Team);

    private static bool IsMember(Actor actor, Resource resource) =>
        actor.PlatformRole == PlatformRole.Administrator
        || (actor.Teams.TryGetValue(resource.Team, out var role) && role >= TeamRole.Member);
}
