namespace Portal.Core.Access;

/// <summary>What an actor may want to do. Deny is the default for each.</summary>
public enum Permission
{
    ViewEnvironment,
    RequestEnvironment,
    RequestChange,
    RequestDeletion,

    /// <summary>Acts that change no spec: another try, who keeps a field.</summary>
    OperateEnvironment,
    ViewRequest,
    DecideRequest,
    WithdrawRequest,
    ViewAudit,
}

/// <summary>What it is to be done to: a team's thing, and who made it when that matters.</summary>
public sealed record Resource(string Team, string? MadeBy = null);
