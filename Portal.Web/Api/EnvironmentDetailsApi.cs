using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Results;
using Portal.Provisioning.Live;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>What there is to know about one environment beside its spec.</summary>
public static class EnvironmentDetailsApi
{
    public static void MapEnvironmentDetails(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments/{id}").WithTags("Environments").Refuses(404);
        group.MapGet("/rollouts", RolloutsAsync).WithName("ListRollouts").WithSummary("The last 100 rollouts, newest first.");
        group.MapGet("/generations", GenerationsAsync).WithName("ListGenerations").WithSummary("The last 100 specs that the environment had, newest first, and where each came from.");
        group.MapGet("/activity", ActivityAsync).WithName("ListActivity").WithSummary("Who did what to the environment, newest first, at most 200.");
        group.MapGet("/notes", NotesAsync).WithName("ListNotes").Refuses(503).WithSummary("What the environment's cluster cannot give, and what stands in for it.");
        group.MapGet("/inventory", InventoryAsync).WithName("ListInventory").WithSummary("The objects that the environment owns on its cluster.");
    }

    private static Task<Results<Ok<Listed<string>>, ApiProblem>> NotesAsync(string id, CurrentActor actor, StackNotes notes, CancellationToken ct) =>
        AnswerAsync(id, async known => await notes.OfAsync(await actor.GetAsync(ct), known, ct), note => note);

    private static Task<Results<Ok<Listed<RolloutBody>>, ApiProblem>> RolloutsAsync(
        string id, CurrentActor actor, EnvironmentQueries environments, CancellationToken ct) =>
        AnswerAsync(id, async known => await environments.RolloutsAsync(await actor.GetAsync(ct), known, ct), RolloutBody.Of);

    private static Task<Results<Ok<Listed<GenerationBody>>, ApiProblem>> GenerationsAsync(
        string id, CurrentActor actor, EnvironmentQueries environments, CancellationToken ct) =>
        AnswerAsync(id, async known => await environments.GenerationsAsync(await actor.GetAsync(ct), known, ct), GenerationBody.Of);

    private static Task<Results<Ok<Listed<ActivityBody>>, ApiProblem>> ActivityAsync(
        string id, CurrentActor actor, EnvironmentQueries environments, CancellationToken ct) =>
        AnswerAsync(id, async known => await environments.ActivityAsync(await actor.GetAsync(ct), known, ct), ActivityBody.Of);

    private static Task<Results<Ok<Listed<InventoryBody>>, ApiProblem>> InventoryAsync(
        string id, CurrentActor actor, EnvironmentQueries environments, CancellationToken ct) =>
        AnswerAsync(id, async known => await environments.InventoryAsync(await actor.GetAsync(ct), known, ct), InventoryBody.Of);

    private static async Task<Results<Ok<Listed<TBody>>, ApiProblem>> AnswerAsync<T, TBody>(
        string id, Func<EnvironmentId, Task<Result<IReadOnlyList<T>>>> ask, Func<T, TBody> convert)
    {
        var found = EnvironmentId.Parse(id) is { } known ? await ask(known) : EnvironmentErrors.NotFound();
        return found.IsSuccess ? TypedResults.Ok(Lists.All(found.Value, convert)) : ApiProblems.From(found.Errors);
    }
}
