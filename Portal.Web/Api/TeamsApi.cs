using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Teams.Queries;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>The teams that environments can belong to.</summary>
public static class TeamsApi
{
    public static void MapTeams(this IEndpointRouteBuilder api) =>
        api.MapGet("/teams", ListAsync).WithName("ListTeams").WithTags("Catalog").WithSummary("Teams that you may see.");

    private static async Task<Ok<Listed<TeamBody>>> ListAsync(CurrentActor current, TeamQueries teams, CancellationToken ct)
    {
        var actor = await current.GetAsync(ct);
        var requestable = (await teams.RequestableAsync(actor, ct)).Select(team => team.Slug).ToHashSet();
        return TypedResults.Ok(Lists.All(await teams.VisibleAsync(actor, ct), team => new TeamBody(team.Slug, team.Name, requestable.Contains(team.Slug))));
    }
}
