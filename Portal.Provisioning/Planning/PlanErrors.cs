using Portal.Core.Results;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

internal static class PlanErrors
{
    public static Error ClusterTrouble(string cluster, KubeException trouble) => new("cluster.unavailable", ErrorKind.Unavailable,
        $"The plan cannot be made because cluster {cluster} does not answer as it should: {trouble.Message} Nothing was saved; try again in a moment.");
}
