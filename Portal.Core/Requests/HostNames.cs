using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Requests;

/// <summary>Two environments of a cluster that answer for the same host name would each get a part of its visitors.</summary>
/// <remarks>Asked when something is requested. Two requests at the same moment may both pass; people who approve see both.</remarks>
internal static class HostNames
{
    /// <param name="environment">The one that is changed, and its present spec: what it has is not asked again. Null for a new one.</param>
    public static async Task<IReadOnlyList<Error>> CheckAsync(
        PortalSession session, Actor actor, string cluster, EnvironmentSpec spec, (EnvironmentId Id, EnvironmentSpec Spec)? environment, CancellationToken ct)
    {
        var errors = new List<Error>();
        foreach (var host in spec.AllHostNames().Except(environment?.Spec.AllHostNames() ?? []))
        {
            if (await session.FindHostAsync(cluster, host, environment?.Id, ct) is { } holder)
            {
                var mayBeNamed = AccessPolicy.Allows(actor, Permission.ViewEnvironment, new Resource(holder.Team));
                errors.Add(EnvironmentErrors.HostTaken(host, mayBeNamed ? holder.Name : null, host == spec.HostName ? "hostName" : "edge.otherHostNames"));
            }
        }

        return errors;
    }
}
