namespace Portal.Core.Access;

/// <summary>A role on the whole platform.</summary>
public enum PlatformRole
{
    None,
    Approver,
    Administrator,
}

/// <summary>A role inside one team.</summary>
public enum TeamRole
{
    Viewer,
    Member,
    Owner,
}

/// <summary>Who acts: the user, and the roles on which every answer of <see cref="AccessPolicy"/> rests.</summary>
public sealed record Actor(string UserId, string DisplayName, PlatformRole PlatformRole, IReadOnlyDictionary<string, TeamRole> Teams)
{
    /// <summary>Whether the actor sees every team's things, as approvers and administrators do.</summary>
    public bool SeesEverything => PlatformRole is PlatformRole.Approver or PlatformRole.Administrator;

    /// <summary>The teams whose things the actor sees; null stands for all.</summary>
    public IReadOnlyCollection<string>? VisibleTeams() => SeesEverything ? null : Teams.Keys.ToList();
}
