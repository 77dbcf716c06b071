using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Queries;
using Portal.Core.Results;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Live;

/// <summary>What an environment's cluster cannot give, and what stands in for it: the notes of its rendering as the cluster is now.</summary>
public sealed class StackNotes(EnvironmentQueries environments, ClusterRegistry clusters, PlatformSettings platform)
{
    public async Task<Result<IReadOnlyList<string>>> OfAsync(Actor actor, EnvironmentId id, CancellationToken ct)
    {
        var found = await environments.GetAsync(actor, id, ct);
        if (!found.IsSuccess)
        {
            return Result<IReadOnlyList<string>>.Refused(found.Errors);
        }

        var environment = found.Value;
        var identity = new StackIdentity(environment.Id, environment.Team, environment.Name, environment.Namespace, environment.Generation);
        try
        {
            var capabilities = await clusters.Get(environment.Cluster).CapabilitiesAsync(ct);
            return StackBlueprint.Render(environment.Spec, identity, capabilities, platform).Notes.ToList();
        }
        catch (KubeException trouble)
        {
            return new Error("cluster.unavailable", ErrorKind.Unavailable, trouble.Message);
        }
    }
}
