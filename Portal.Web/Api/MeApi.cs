using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>Who the caller is, as the portal sees it.</summary>
public static class MeApi
{
    public static void MapMe(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", GetAsync).WithName("GetMe").WithTags("Catalog").WithSummary("Who you are, your role and your teams.");

    private static async Task<Ok<MeBody>> GetAsync(CurrentActor actor, CancellationToken ct) => TypedResults.Ok(MeBody.Of(await actor.GetAsync(ct)));
}
