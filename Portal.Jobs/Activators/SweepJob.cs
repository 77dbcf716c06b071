using Portal.Core.Rollouts;
using Portal.Jobs.Hosting;
using Quartz;

namespace Portal.Jobs.Activators;

/// <summary>Finds what a lost hint, a restart or another process left behind: wakes what is not settled, and sees to it that the rest is looked at some time.</summary>
[DisallowConcurrentExecution]
public sealed class SweepJob(IReconcileStore store, ReconcileQueue queue) : IJob
{
    public static readonly JobKey Key = new("sweep", "reconcile");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        foreach (var due in await store.DueAsync(cancellationToken))
        {
            if (due.IsSettled)
            {
                queue.Ensure(due.Id);
            }
            else
            {
                queue.WakeInBackground(due.Id);
            }
        }
    }
}
