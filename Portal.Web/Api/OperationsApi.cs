using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Operations;
using Portal.Core.Operations.RequestOperation;
using Portal.Core.Operations.Restoring;
using Portal.Core.Results;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>Day-2 operations: what can be done to an environment, and doing it.</summary>
public static class OperationsApi
{
    public static void MapOperations(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments/{id}/operations").WithTags("Operations").Refuses(404);
        group.MapGet("", ListAsync).WithName("ListOperations").WithSummary("What can be done to the environment, and why some of it cannot be done now.");
        group.MapPost("", DoAsync).WithName("RequestOperation").Refuses(403, 409, 422, 503)
            .WithSummary("Ask for an operation. It is a request; what policy approves begins at once.");
    }

    private static async Task<Results<Ok<Listed<OperationBody>>, ApiProblem>> ListAsync(string id, CurrentActor current, EnvironmentQueries environments, RestoreSourceQueries sources, CancellationToken ct)
    {
        var actor = await current.GetAsync(ct);
        var found = EnvironmentId.Parse(id) is { } known ? await environments.GetAsync(actor, known, ct) : EnvironmentErrors.NotFound();
        if (!found.IsSuccess)
        {
            return ApiProblems.From(found.Errors);
        }

        var choices = await sources.ForAsync(actor, found.Value, ct);
        return TypedResults.Ok(Lists.All(OperationCatalog.For(found.Value), offer => OperationBody.Of(offer, found.Value, choices)));
    }

    private static async Task<Results<Accepted<RequestBody>, ApiProblem>> DoAsync(
        string id, Body<OperationWishBody> body, CurrentActor actor, RequestOperationCommand command, CancellationToken ct)
    {
        if (!body.Content.IsSuccess)
        {
            return ApiProblems.From(body.Content.Errors);
        }

        var wish = body.Content.Value;
        var operation = OperationReader.Read(wish.ToWish());
        if (!operation.IsSuccess)
        {
            return ApiProblems.From(operation.Errors);
        }

        var submitted = EnvironmentId.Parse(id) is { } known
            ? await command.ExecuteAsync(await actor.GetAsync(ct), known, operation.Value, wish.Confirm, wish.Reason, ct)
            : EnvironmentErrors.NotFound();
        return submitted.IsSuccess
            ? TypedResults.Accepted($"{ApiPaths.V1}/requests/{submitted.Value.Id}", RequestBody.Of(submitted.Value))
            : ApiProblems.From(submitted.Errors);
    }
}
