using Portal.Core.Access;
using Portal.Core.Environments;
using Portal.Core.Environments.Specs;
using Portal.Core.Persistence;
using Portal.Core.Results;

namespace Portal.Core.Requests;

/// <summary>Two environments of a cluster that answer for the same host name would each get a part of its visitors.</summary>
/// <remarks>
/// Asked when something is requested, and again when it is approved: a change that waits for its approval holds no name, and two requests
/// at the same moment may both pass. Of two that ask for one name the first to be approved gets it; the database itself lets no second one in.
/// </remarks>
internal static class HostNames
{
    /// <param name="environment">The one that is changed, and its present spec: what it has is not asked again. Null for a new one.</param>
    public static async Task<IReadOnlyList<Error>> CheckAsync(
        PortalSession session, Actor actor, string cluster, EnvironmentSpec spec, (EnvironmentId Id, EnvironmentSpec Spec)? environment, CancellationToken ct)
    {
        var errors = new List<Error>();
        foreach (var host in spec.AllHostNames().Except(environment?.Spec.AllHostNames() ?? []))
        {
            if (await session.FindHostAsync(cluster, host, environment?.Id, onlyApproved: false, ct) is { } holder)
            {
                errors.Add(EnvironmentErrors.HostTaken(host, NameFor(actor, holder), host == spec.HostName ? "hostName" : "edge.otherHostNames"));
            }
        }

        return errors;
    }

    /// <summary>What has been given to others since the request was made.</summary>
    public static async Task<IReadOnlyList<Error>> CheckApprovalAsync(PortalSession session, Actor actor, EnvironmentRequest request, AppEnvironment environment, CancellationToken ct)
    {
        var errors = new List<Error>();
        var own = request.Kind == RequestKind.Update ? environment.Spec.AllHostNames() : [];
        foreach (var host in (request.Spec?.AllHostNames() ?? []).Except(own))
        {
            if (await session.FindHostAsync(environment.Cluster, host, environment.Id, onlyApproved: true, ct) is { } holder)
            {
                errors.Add(EnvironmentErrors.HostTakenMeanwhile(host, NameFor(actor, holder)));
            }
        }

        return errors;
    }

    private static string? NameFor(Actor actor, AppEnvironment holder) =>
        AccessPolicy.Allows(actor, Permission.ViewEnvironment, new Resource(holder.Team)) ? holder.Name : null;
}
