using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Environments;
using Portal.Core.Results;
using Portal.Provisioning.Live;
using Portal.Web.Api.Bodies;
using Portal.Web.Auth;

namespace Portal.Web.Api;

/// <summary>What the cluster shows of an environment right now.</summary>
public static class LiveApi
{
    public static void MapLive(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/environments/{id}").WithTags("Environments").Refuses(404, 503);
        group.MapGet("/pods", PodsAsync).WithName("ListPods").WithSummary("The pods of the environment, by component.");
        group.MapGet("/events", EventsAsync).WithName("ListEvents").WithSummary("What the cluster said about the environment's objects, newest first.");
    }

    private static async Task<Results<Ok<Seen<PodBody>>, ApiProblem>> PodsAsync(string id, CurrentActor actor, LiveQueries live, CancellationToken ct)
    {
        var open = await OpenAsync(id, actor, live, ct);
        return open.IsSuccess ? TypedResults.Ok(See(open.Value, open.Value.Pods().Select(PodBody.Of))) : ApiProblems.From(open.Errors);
    }

    private static async Task<Results<Ok<Seen<EventBody>>, ApiProblem>> EventsAsync(string id, CurrentActor actor, LiveQueries live, CancellationToken ct)
    {
        var open = await OpenAsync(id, actor, live, ct);
        return open.IsSuccess ? TypedResults.Ok(See(open.Value, open.Value.Events().Select(EventBody.Of))) : ApiProblems.From(open.Errors);
    }

    private static async Task<Result<LiveEnvironment>> OpenAsync(string id, CurrentActor actor, LiveQueries live, CancellationToken ct) =>
        EnvironmentId.Parse(id) is { } known ? await live.OpenAsync(await actor.GetAsync(ct), known, ct) : EnvironmentErrors.NotFound();

    private static Seen<T> See<T>(LiveEnvironment environment, IEnumerable<T> items) =>
        new(items.ToList(), environment.Link.IsConnected, environment.Link.IsConnected ? null : environment.Link.Error);
}
