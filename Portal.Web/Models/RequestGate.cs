using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Requests;

namespace Portal.Web.Models;

/// <summary>Why somebody cannot ask for a change or a deletion of an environment now, before he has tried.</summary>
public static class RequestGate
{
    /// <summary>Null when he can. The commands check the same again.</summary>
    public static string? Denied(Actor actor, Permission permission, AppEnvironment environment, EnvironmentRequest? open) =>
        (AccessPolicy.Check(actor, permission, new Resource(environment.Team))
            ?? environment.CheckAlive()
            ?? (open is null ? null : RequestErrors.Pending(environment.Name, open.Id)))?.Message;
}
