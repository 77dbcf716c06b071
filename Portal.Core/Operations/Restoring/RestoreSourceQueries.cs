using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Persistence;

namespace Portal.Core.Operations.Restoring;

/// <summary>Environments that can be restored from, to choose from.</summary>
/// <param name="HasObjectStore">Without one there are none.</param>
public sealed record RestoreChoices(bool HasObjectStore, IReadOnlyList<AppEnvironment> Environments)
{
    public static RestoreChoices None { get; } = new(false, []);
}

public sealed class RestoreSourceQueries(PortalSessions sessions, PlatformOffers platform)
{
    /// <summary>As many as a person can choose from; any other that qualifies may be named by its id.</summary>
    private const int Most = 100;

    /// <summary>Those of the teams that the actor belongs to and of the target's own that qualify, the team's own first and then the newest.</summary>
    public async Task<RestoreChoices> ForAsync(Actor actor, AppEnvironment target, CancellationToken ct)
    {
        if (!platform.ObjectStore)
        {
            return RestoreChoices.None;
        }

        await using var session = sessions.Open();
        var teams = actor.Teams.Keys.Append(target.Team).Distinct(StringComparer.Ordinal).ToList();
        var page = await session.ListEnvironmentsAsync(teams, new EnvironmentFilter(IncludeDeleted: true), new PageRequest(0, 200), ct);
        return new(true, [.. page.Items
            .Where(source => RestoreSources.Check(actor, target, source, platform, RestoreSources.Value) is null)
            .OrderBy(source => source.Team != target.Team).ThenBy(source => source.IsDeleted)
            .Take(Most)]);
    }
}
