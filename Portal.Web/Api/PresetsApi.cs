using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments.Specs;
using Portal.Web.Api.Bodies;

namespace Portal.Web.Api;

/// <summary>The starting points for a spec.</summary>
public static class PresetsApi
{
    public static void MapPresets(this IEndpointRouteBuilder api) =>
        api.MapGet("/presets", List).WithName("ListPresets").WithTags("Catalog").WithSummary("The presets, with all that each one sets.");

    private static Ok<Listed<PresetBody>> List() => TypedResults.Ok(Lists.All(Presets.All, preset =>
        new PresetBody(preset, Presets.Describe(preset), Presets.Create(preset, Purpose.Development, "name.team.portal.example"))));
}
