using Portal.Core.Rollouts;
using Portal.Jobs.Hosting;
using Quartz;

namespace Portal.Jobs.Activators;

/// <summary>Wakes every environment from time to time: what a lost hint, a restart or drift left behind is found here.</summary>
[DisallowConcurrentExecution]
public sealed class SweepJob(IReconcileStore store, ReconcileQueue queue) : IJob
{
    public static readonly JobKey Key = new("sweep", "reconcile");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var id in await store.DueAsync(cancellationToken))
        {
            queue.Wake(id);
        }
    }
}
