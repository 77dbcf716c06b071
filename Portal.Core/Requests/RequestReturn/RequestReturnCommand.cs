using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Requests.RequestChange;
using Portal.Core.Results;

namespace Portal.Core.Requests.RequestReturn;

/// <summary>Submits a request to return to the spec of an earlier generation. It is a change like any other and passes the same gate.</summary>
/// <remarks>What has grown since and cannot shrink keeps its size, so the data that is there keeps its room.</remarks>
public sealed class RequestReturnCommand(PortalSessions sessions, RequestChangeCommand change)
{
    public async Task<Result<EnvironmentRequest>> ExecuteAsync(Actor actor, EnvironmentId id, long generation, string? reason, CancellationToken ct)
    {
        await using var session = sessions.Open();
        var environment = await session.FindEnvironmentAsync(id, ct);
        if (environment is null)
        {
            return EnvironmentErrors.NotFound();
        }

        if (AccessPolicy.Check(actor, Permission.RequestChange, new Resource(environment.Team)) is { } denied)
        {
            return denied;
        }

        return await session.FindGenerationAsync(id, generation, ct) is { } earlier
            ? await change.ExecuteAsync(actor, id, SpecGrowth.Return(earlier.Spec, environment.Spec), reason ?? $"Return to generation {generation}.", ct)
            : EnvironmentErrors.NoSuchGeneration(environment.Name, generation);
    }
}
