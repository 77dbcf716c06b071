using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Requests;
using Portal.Core.Rollouts;

namespace Portal.Web.Models;

/// <summary>Why somebody cannot ask for a change or a deletion of an environment now, before he has tried.</summary>
public static class RequestGate
{
    /// <summary>Null when he can. The commands check the same again.</summary>
    /// <param name="latest">The latest rollout, which a deletion depends on.</param>
    public static string? Denied(Actor actor, Permission permission, AppEnvironment environment, EnvironmentRequest? open, Rollout? latest = null) =>
        (AccessPolicy.Check(actor, permission, new Resource(environment.Team))
            ?? (permission == Permission.RequestDeletion ? environment.CheckDeletable(latest, null) : environment.CheckAlive())
            ?? (open is null ? null : RequestErrors.Pending(environment.Name, open.Id)))?.Message;
}
