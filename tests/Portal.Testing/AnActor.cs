using Portal.Core.Access;

namespace Portal.Testing;

/// <summary>People for tests. Each has its own user id, so that "somebody else" is easy to say.</summary>
public static class AnActor
{
    public static Actor Viewer(string team, string id = "vera") => InTeam(id, team, TeamRole.Viewer);

    public static Actor Member(string team, string id = "dewi") => InTeam(id, team, TeamRole.Member);

    public static Actor Owner(string team, string id = "olaf") => InTeam(id, team, TeamRole.Owner);

    /// <summary>Belongs to no team and has no role.</summary>
    public static Actor Stranger(string id = "stan") => new(id, Title(id), PlatformRole.None, new Dictionary<string, TeamRole>());

    public static Actor Approver(string id = "arif") => new(id, Title(id), PlatformRole.Approver, new Dictionary<string, TeamRole>());

    public static Actor Administrator(string id = "ayu") => new(id, Title(id), PlatformRole.Administrator, new Dictionary<string, TeamRole>());

    public static Actor InTeam(string id, string team, TeamRole role, PlatformRole platformRole = PlatformRole.None) =>
        new(id, Title(id), platformRole, new Dictionary<string, TeamRole> { [team] = role });

    private static string Title(string id) => char.ToUpperInvariant(id[0]) + id[1..];
}
