using Portal.Core.Access;
using Portal.Core.Environments.Specs;

namespace Portal.Web.Api.Bodies;

/// <summary>A starting point for a spec, with all that it sets.</summary>
public sealed record PresetBody(Preset Name, string Description, EnvironmentSpec Spec);

/// <summary>A team that the caller sees.</summary>
/// <param name="MayRequest">Whether the caller may ask for environments for it.</param>
public sealed record TeamBody(string Slug, string Name, bool MayRequest);

/// <summary>Who the caller is.</summary>
public sealed record MeBody(string Id, string Name, PlatformRole Role, IReadOnlyList<MembershipBody> Teams)
{
    public static MeBody Of(Actor actor) => new(
        actor.UserId, actor.DisplayName, actor.PlatformRole,
        actor.Teams.OrderBy(team => team.Key, StringComparer.Ordinal).Select(team => new MembershipBody(team.Key, team.Value)).ToList());
}

public sealed record MembershipBody(string Team, TeamRole Role);
