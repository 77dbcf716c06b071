using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Results;

namespace Portal.Provisioning.Live;

/// <summary>The door to live pods and events: asks the access policy first.</summary>
public sealed class LiveQueries(EnvironmentQueries environments, ClusterWatches watches)
{
    public async Task<Result<LiveEnvironment>> OpenAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var found = await environments.GetAsync(actor, id, ct);
        if (!found.IsSuccess)
        {
            return Result<LiveEnvironment>.Refused(found.Errors);
        }

        return watches.Find(found.Value.Cluster) is { } watch
            ? new LiveEnvironment(found.Value.Namespace, watch)
            : new Error("cluster.unknown", ErrorKind.Unavailable, $"Cluster {found.Value.Cluster} is not configured in this portal, so nothing of it can be shown.");
    }
}
