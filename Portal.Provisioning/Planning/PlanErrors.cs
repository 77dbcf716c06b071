using Portal.Core.Results;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

internal static class PlanErrors
{
    private const int MostTold = 10;

    public static Error ClusterTrouble(string cluster, KubeException trouble) => new("cluster.unavailable", ErrorKind.Unavailable,
        $"The plan cannot be made because cluster {cluster} does not answer as it should: {trouble.Message} Nothing was saved; try again in a moment.");

    public static Error NamespaceOccupied(string namespaceName, string cluster) => new("plan.namespace-occupied", ErrorKind.Conflict,
        $"Namespace {namespaceName} exists on cluster {cluster} and does not belong to this environment. Remove it or choose another name.");

    public static Error StandInOccupied(string namespaceName, string cluster) => new("plan.stand-in-occupied", ErrorKind.Unavailable,
        $"Namespace {namespaceName} on cluster {cluster} is not the portal's, but that is where plans are rehearsed. Its administrators rename it, or label it app.kubernetes.io/managed-by=portal if it is empty.");

    /// <summary>All objects that the cluster would refuse, in its own words; when they are many, the first of them.</summary>
    public static List<Error> Refused(IReadOnlyList<Refusal> refusals)
    {
        var errors = refusals.Take(MostTold).Select(refusal => new Error("plan.refused", ErrorKind.Invalid, $"{refusal.Message} {refusal.NextStep}")).ToList();
        if (refusals.Count > MostTold)
        {
            errors.Add(new("plan.refused", ErrorKind.Invalid, $"The cluster refuses {refusals.Count - MostTold} more objects."));
        }

        return errors;
    }
}
