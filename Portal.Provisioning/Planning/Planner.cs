using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Planning;

/// <summary>Compares what a spec renders to with what is on the cluster, by what the cluster itself says to it, and changes no environment.</summary>
/// <remarks>
/// Nothing that moves by itself gets into a plan, because an approval is bound to its hash: entries are in apply order, differences are
/// those that we would make, and an object that a controller writes to meanwhile is read again. An object that is as we applied it is
/// not asked about. What the cluster certainly refuses refuses the request, in the cluster's words; a full quota is told and left to the
/// people, for room may come; trouble of the cluster itself makes no plan at all.
/// </remarks>
public sealed class Planner(ClusterRegistry clusters, PlatformSettings platform) : IPlanner
{
    public async Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct)
    {
        try
        {
            var cluster = clusters.Get(subject.Cluster);
            return subject.Spec is null
                ? await DeletionPlan.MakeAsync(subject, cluster, ct)
                : await ApplyPlan.MakeAsync(subject, cluster, platform, ct);
        }
        catch (KubeException trouble)
        {
            return PlanErrors.ClusterTrouble(subject.Cluster, trouble);
        }
    }
}
