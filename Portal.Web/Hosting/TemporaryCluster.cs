using Portal.Core.Environments;
using Portal.Core.Plans;
using Portal.Core.Results;
using Portal.Core.Rollouts;

namespace Portal.Web.Hosting;

/// <summary>Stands in for provisioning and jobs until they are registered; then this file goes.</summary>
internal static class TemporaryCluster
{
    public static void AddTemporaryCluster(this IServiceCollection services)
    {
        services.AddSingleton(new ClusterCatalog(["sandbox"]));
        services.AddSingleton<IPlanner, EmptyPlanner>();
        services.AddSingleton<IReconcileTrigger, NoTrigger>();
    }

    private sealed class EmptyPlanner : IPlanner
    {
        public Task<Result<Plan>> PlanAsync(PlanSubject subject, CancellationToken ct) => Task.FromResult<Result<Plan>>(
            new Plan([new(subject.Spec is null ? PlanAction.Delete : PlanAction.Create, Component.Base, "v1", "Namespace", null, subject.Namespace)], []));
    }

    private sealed class NoTrigger : IReconcileTrigger
    {
        public void Wake(EnvironmentId id)
        {
        }
    }
}
