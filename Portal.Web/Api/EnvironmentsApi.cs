using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Requests.RequestDeletion;
using Portal.Core.Requests.RequestEnvironment;
using Portal.Core.Results;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>Environments: list, look at, and ask for a new one, a change or a deletion. What is asked for is a request, so the answer is 202 and where the request is.</summary>
public static class EnvironmentsApi
{
    public static void MapEnvironments(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments").WithTags("Environments");
        group.MapGet("", ListAsync).WithName("ListEnvironments").WithSummary("Environments that you may see, newest first.")
            .Takes([
                QueryField.Text("search", "Part of the name."), QueryField.Word<EnvironmentPhase>("phase", "Only those in this phase."),
                QueryField.Text("team", "Only those of this team."), QueryField.Flag("includeDeleted", "Also those that are deleted."), .. QueryFields.Paging]);
        group.MapPost("", CreateAsync).WithName("RequestEnvironment").WithSummary("Ask for a new environment.").Refuses(404, 403, 409, 422, 503);
        group.MapGet("/{id}", GetAsync).WithName("GetEnvironment").WithSummary("One environment with its spec and health.").Refuses(404);
        group.MapPatch("/{id}", ChangeAsync).WithName("RequestChange").WithSummary("Ask for another spec.").Refuses(404, 403, 409, 422, 503);
        group.MapDelete("/{id}", DeleteAsync).WithName("RequestDeletion").WithSummary("Ask for the deletion of an environment and its data.")
            .Takes(
                QueryField.Text("confirm", "The name of the environment, to confirm that its data is deleted."), QueryField.Text("reason", "Why, for people who look later."),
                QueryField.Word("data", "What becomes of the data: delete (it dies), keep (its volumes stay in the cluster) or backup (a last backup is written and stays). delete when absent.", ["delete", "keep", "backup"]))
            .Refuses(404, 403, 409, 422, 503);
    }

    private static async Task<Results<Ok<Paged<EnvironmentSummary>>, ApiProblem>> ListAsync(
        HttpRequest request, CurrentActor actor, EnvironmentQueries environments, CancellationToken ct)
    {
        var query = new QueryReader(request);
        var page = query.Page();
        var filter = new EnvironmentFilter(query.Text("search"), query.Word<EnvironmentPhase>("phase"), query.Text("team"), query.Flag("includeDeleted"));
        return query.Errors.Count > 0
            ? ApiProblems.From(query.Errors)
            : TypedResults.Ok(Lists.Page(await environments.ListAsync(await actor.GetAsync(ct), filter, page, ct), page, EnvironmentSummary.Of));
    }

    private static async Task<Results<Accepted<RequestBody>, ApiProblem>> CreateAsync(
        Body<NewEnvironmentBody> body, CurrentActor actor, RequestEnvironmentCommand command, CancellationToken ct)
    {
        var wanted = NewEnvironmentReader.Read(body.Content);
        return wanted.IsSuccess
            ? Answer(await command.ExecuteAsync(await actor.GetAsync(ct), wanted.Value, ct))
            : ApiProblems.From(wanted.Errors);
    }

    private static async Task<Results<Ok<EnvironmentBody>, ApiProblem>> GetAsync(
        string id, CurrentActor current, EnvironmentQueries environments, CancellationToken ct)
    {
        var actor = await current.GetAsync(ct);
        var found = await FindAsync(id, actor, environments, ct);
        return found.IsSuccess
            ? TypedResults.Ok(EnvironmentBody.Of(found.Value, (await environments.OpenRequestAsync(actor, found.Value.Id, ct))?.Id.Value))
            : ApiProblems.From(found.Errors);
    }

    private static async Task<Results<Accepted<RequestBody>, ApiProblem>> ChangeAsync(
        string id, Body<ChangeBody> body, CurrentActor current, EnvironmentQueries environments, RequestChangeCommand command, CancellationToken ct)
    {
        if (!body.Content.IsSuccess)
        {
            return ApiProblems.From(body.Content.Errors);
        }

        var actor = await current.GetAsync(ct);
        var found = await FindAsync(id, actor, environments, ct);
        if (!found.IsSuccess)
        {
            return ApiProblems.From(found.Errors);
        }

        var spec = SpecJson.Merge(found.Value.Spec, body.Content.Value.Spec);
        return spec.IsSuccess
            ? Answer(await command.ExecuteAsync(actor, found.Value.Id, spec.Value, body.Content.Value.Reason, ct))
            : ApiProblems.From(spec.Errors);
    }

    private static async Task<Results<Accepted<RequestBody>, ApiProblem>> DeleteAsync(
        string id, HttpRequest request, CurrentActor actor, RequestDeletionCommand command, CancellationToken ct)
    {
        var query = new QueryReader(request);
        var data = DataDispositions.Parse(query.Text("data"));
        if (!data.IsSuccess)
        {
            return ApiProblems.From(data.Errors);
        }

        return EnvironmentId.Parse(id) is { } known
            ? Answer(await command.ExecuteAsync(await actor.GetAsync(ct), known, query.Text("confirm"), query.Text("reason"), data.Value, ct))
            : ApiProblems.From(EnvironmentErrors.NotFound());
    }

    private static async Task<Result<AppEnvironment>> FindAsync(string id, Portal.Core.Access.Actor actor, EnvironmentQueries environments, CancellationToken ct) =>
        EnvironmentId.Parse(id) is { } known ? await environments.GetAsync(actor, known, ct) : EnvironmentErrors.NotFound();

    private static Results<Accepted<RequestBody>, ApiProblem> Answer(Result<EnvironmentRequest> submitted) => submitted.IsSuccess
        ? TypedResults.Accepted($"{ApiPaths.V1}/requests/{submitted.Value.Id}", RequestBody.Of(submitted.Value))
        : ApiProblems.From(submitted.Errors);
}
