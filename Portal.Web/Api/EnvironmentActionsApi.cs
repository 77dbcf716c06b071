using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.DecideOwnership;
using Portal.Core.Environments.Queries;
using Portal.Core.Requests.RequestReturn;
using Portal.Core.Results;
using Portal.Core.Rollouts.RetryRollout;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>What one does with an environment when something is wrong: return to an earlier generation, try again, say who keeps a field.</summary>
public static class EnvironmentActionsApi
{
    public static void MapEnvironmentActions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments/{id}").WithTags("Environments").Refuses(404, 403, 409);
        group.MapPost("/return", ReturnAsync).WithName("RequestReturn").Refuses(422, 503)
            .WithSummary("Ask for the spec of an earlier generation. What has grown since and cannot shrink keeps its size.");
        group.MapPost("/retry", RetryAsync).WithName("RetryRollout").WithSummary("Give an environment that is stuck another try with fresh deadlines.");
        group.MapPost("/ownership", DecideAsync).WithName("DecideOwnership")
            .WithSummary("Say who keeps fields that another field manager has set: takeOver (the spec wins) or leave (the other manager keeps them).");
    }

    private static async Task<Results<Accepted<RequestBody>, ApiProblem>> ReturnAsync(
        string id, Body<ReturnBody> body, CurrentActor actor, RequestReturnCommand command, CancellationToken ct)
    {
        if (!body.Content.IsSuccess)
        {
            return ApiProblems.From(body.Content.Errors);
        }

        var submitted = EnvironmentId.Parse(id) is { } known
            ? await command.ExecuteAsync(await actor.GetAsync(ct), known, body.Content.Value.Generation, body.Content.Value.Reason, ct)
            : EnvironmentErrors.NotFound();
        return submitted.IsSuccess
            ? TypedResults.Accepted($"{ApiPaths.V1}/requests/{submitted.Value.Id}", RequestBody.Of(submitted.Value))
            : ApiProblems.From(submitted.Errors);
    }

    private static async Task<Results<Accepted<EnvironmentBody>, ApiProblem>> RetryAsync(
        string id, CurrentActor current, RetryRolloutCommand command, EnvironmentQueries environments, CancellationToken ct)
    {
        var actor = await current.GetAsync(ct);
        var retried = EnvironmentId.Parse(id) is { } known ? await command.ExecuteAsync(actor, known, ct) : EnvironmentErrors.NotFound();
        return retried.IsSuccess
            ? TypedResults.Accepted($"{ApiPaths.V1}/environments/{id}", await BodyOfAsync(retried.Value, actor, environments, ct))
            : ApiProblems.From(retried.Errors);
    }

    private static async Task<Results<Ok<EnvironmentBody>, ApiProblem>> DecideAsync(
        string id, Body<OwnershipBody> body, CurrentActor current, DecideOwnershipCommand command, EnvironmentQueries environments, CancellationToken ct)
    {
        if (!body.Content.IsSuccess)
        {
            return ApiProblems.From(body.Content.Errors);
        }

        var wanted = body.Content.Value;
        var choice = DecideOwnershipCommand.ParseChoice(wanted.Choice);
        if (!choice.IsSuccess)
        {
            return ApiProblems.From(choice.Errors);
        }

        var actor = await current.GetAsync(ct);
        var decided = EnvironmentId.Parse(id) is { } known
            ? await command.ExecuteAsync(actor, known, wanted.Kind, wanted.Name, wanted.Manager, choice.Value, ct)
            : EnvironmentErrors.NotFound();
        return decided.IsSuccess ? TypedResults.Ok(await BodyOfAsync(decided.Value, actor, environments, ct)) : ApiProblems.From(decided.Errors);
    }

    private static async Task<EnvironmentBody> BodyOfAsync(AppEnvironment environment, Actor actor, EnvironmentQueries environments, CancellationToken ct) =>
        EnvironmentBody.Of(environment, (await environments.OpenRequestAsync(actor, environment.Id, ct))?.Id.Value);
}
