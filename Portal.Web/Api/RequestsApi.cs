using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments;
using Portal.Core.Persistence;
using Portal.Core.Requests;
using Portal.Core.Requests.Decide;
using Portal.Core.Requests.Queries;
using Portal.Core.Requests.Withdraw;
using Portal.Core.Results;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>Requests: list, look at, decide and withdraw.</summary>
public static class RequestsApi
{
    public static void MapRequests(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/requests").WithTags("Requests");
        group.MapGet("", ListAsync).WithName("ListRequests").WithSummary("Requests that you may see, newest first.")
            .Takes([
                QueryField.Word<RequestState>("state", "Only those in this state."), QueryField.Flag("mine", "Only those that you submitted."),
                QueryField.Flag("waiting", "Only those that wait for your decision."), QueryField.Text("environment", "Only those about the environment with this id."), .. QueryFields.Paging]);
        group.MapGet("/{id}", GetAsync).WithName("GetRequest").WithSummary("One request with its plan and decisions.").Refuses(404);
        group.MapPost("/{id}/decisions", DecideAsync).WithName("DecideRequest").WithSummary("Approve or reject a request.").Refuses(404, 403, 409, 422);
        group.MapPost("/{id}/withdrawal", WithdrawAsync).WithName("WithdrawRequest").WithSummary("Take back a request that is not decided yet.").Refuses(404, 403, 409);
    }

    private static async Task<Results<Ok<Paged<RequestSummary>>, ApiProblem>> ListAsync(
        HttpRequest request, CurrentActor current, RequestQueries requests, CancellationToken ct)
    {
        var query = new QueryReader(request);
        var page = query.Page();
        var actor = await current.GetAsync(ct);
        var waiting = query.Flag("waiting");
        var filter = new RequestFilter(
            query.Word<RequestState>("state"),
            query.Flag("mine") ? actor.UserId : null,
            Environment: query.Id("environment", EnvironmentId.Parse, "the id of an environment"));
        if (waiting && filter != new RequestFilter())
        {
            query.Errors.Add(BodyErrors.BadParameter("waiting", "true", "only without state, mine and environment"));
        }

        if (query.Errors.Count > 0)
        {
            return ApiProblems.From(query.Errors);
        }

        var found = waiting ? await requests.WaitingForAsync(actor, page, ct) : await requests.ListAsync(actor, filter, page, ct);
        return TypedResults.Ok(Lists.Page(found, page, RequestSummary.Of));
    }

    private static async Task<Results<Ok<RequestBody>, ApiProblem>> GetAsync(string id, CurrentActor actor, RequestQueries requests, CancellationToken ct) =>
        RequestId.Parse(id) is { } known
            ? Answer(await requests.GetAsync(await actor.GetAsync(ct), known, ct))
            : ApiProblems.From(RequestErrors.NotFound());

    private static async Task<Results<Ok<RequestBody>, ApiProblem>> DecideAsync(
        string id, Body<DecisionBody> body, CurrentActor actor, DecideCommand command, CancellationToken ct)
    {
        if (!body.Content.IsSuccess)
        {
            return ApiProblems.From(body.Content.Errors);
        }

        var decision = body.Content.Value;
        var verdict = DecideCommand.ParseVerdict(decision.Verdict);
        if (!verdict.IsSuccess)
        {
            return ApiProblems.From(verdict.Errors);
        }

        return RequestId.Parse(id) is { } known
            ? Answer(await command.ExecuteAsync(await actor.GetAsync(ct), known, verdict.Value, decision.Comment, decision.ContentHash, ct))
            : ApiProblems.From(RequestErrors.NotFound());
    }

    private static async Task<Results<Ok<RequestBody>, ApiProblem>> WithdrawAsync(string id, CurrentActor actor, WithdrawCommand command, CancellationToken ct) =>
        RequestId.Parse(id) is { } known
            ? Answer(await command.ExecuteAsync(await actor.GetAsync(ct), known, ct))
            : ApiProblems.From(RequestErrors.NotFound());

    private static Results<Ok<RequestBody>, ApiProblem> Answer(Result<EnvironmentRequest> request) =>
        request.IsSuccess ? TypedResults.Ok(RequestBody.Of(request.Value)) : ApiProblems.From(request.Errors);
}
