using Portal.Core.Access;

namespace Portal.Core.Audit;

internal static class AuditEntries
{
    public static AuditEntry Of(Actor actor, string verb, string subject, string team, DateTimeOffset now) =>
        new(now, actor.UserId, actor.DisplayName, verb, subject, team);
}
