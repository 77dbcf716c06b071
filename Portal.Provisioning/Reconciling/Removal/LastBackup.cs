using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>The backup that is written before a deletion takes anything away: the backup schedule's own Job, run once more.</summary>
internal static class LastBackup
{
    private const string JobName = "last-backup";

    /// <summary>Its entry in the inventory: recorded before it is made, like everything else.</summary>
    public static InventoryEntry Entry(string namespaceName) => new("batch/v1", "Job", namespaceName, JobName, Component.MySql, null);

    /// <summary>How far it is. It is started when it is not there, and once more when it failed before <paramref name="retriedAt"/>.</summary>
    /// <returns>Null when there is nothing to back up, because the environment never had its backup schedule.</returns>
    public static async Task<HealthReport?> RunAsync(KubeClient kube, LiveStack live, StackIdentity identity, DateTimeOffset? retriedAt, CancellationToken ct)
    {
        var reference = new ObjectRef("batch/v1", "Job", identity.Namespace, JobName);
        var job = live.Find(reference);
        if (job is null)
        {
            if (live.Find(new ObjectRef("batch/v1", "CronJob", identity.Namespace, Names.MySqlBackup)) is not { } schedule)
            {
                return null;
            }

            live.Put(await CreateAsync(kube, schedule, identity, ct));
            return new(HealthStatus.Progressing, "The last backup starts.");
        }

        var health = ObjectHealth.Assess(job);
        if (health.Status == HealthStatus.Degraded && !job.IsTerminating && job.CreatedAt() < retriedAt)
        {
            await kube.DeleteAsync(reference, new DeleteOptions { Uid = job.Uid, Propagation = DeletePropagation.Background }, ct);
            return new(HealthStatus.Progressing, "The last backup failed before; it is tried again.");
        }

        return health;
    }

    private static async Task<KubeObject> CreateAsync(KubeClient kube, KubeObject schedule, StackIdentity identity, CancellationToken ct)
    {
        var manifest = new KubeObject(new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = JobName,
                ["namespace"] = identity.Namespace,
                ["labels"] = Labels.For(identity, Component.MySql, JobName),
            },
            ["spec"] = schedule.At("spec", "jobTemplate", "spec")!.DeepClone(),
        });
        try
        {
            return await kube.CreateAsync(manifest, ct);
        }
        catch (KubeException present) when (present.Fault == KubeFault.AlreadyExists)
        {
            return await kube.GetAsync(manifest.Ref, ct) ?? throw new KubeException(KubeFault.Conflict, $"{manifest.Ref} was there and is gone again.") { Object = manifest.Ref };
        }
    }
}
