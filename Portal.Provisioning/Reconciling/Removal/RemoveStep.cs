using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>Takes an environment one step nearer to nothing.</summary>
/// <remarks>
/// Order: decide what becomes of each volume, and write the last backup if one is wanted, before anything is deleted; then the graph backwards, so
/// that what others depend on goes last; then what is outside of the namespace, the namespace, and the volumes that go with their claims. Gone
/// means seen gone, by UID; the record of it is the report that the owner gets. What holds it up is named, and after its deadline it is Stuck.
/// </remarks>
internal static class RemoveStep
{
    private const int Parallelism = 8;

    public static async Task<ReconcileResult> RunAsync(ReconcileSession session, Cluster cluster, CancellationToken ct)
    {
        var target = session.Target;
        var kube = cluster.Client;
        await session.OpenRolloutAsync(RolloutKind.Delete, ct);
        var kinds = session.Inventory.Select(entry => (entry.ApiVersion, entry.Kind)).Append(("batch/v1", "Job"));
        var live = await LiveStack.ReadAsync(kube, target.Id, target.Namespace, kinds, ct);
        if (await PrepareAsync(session, kube, live, ct) is { } notYet)
        {
            return notYet;
        }

        var ns = live.Namespace is { } existing && LiveStack.IsOurs(existing, target.Id) ? existing : null;
        var remaining = session.Inventory
            .Where(entry => entry.Kind != "Namespace" && live.Find(entry) is { } found && LiveStack.IsOurs(found, target.Id))
            .ToLookup(entry => entry.Component);
        var removal = RemovalProof.Add(session.Rollout.Removal!, session.Inventory, live, session.Now);
        if (ns is null && remaining.Count == 0)
        {
            var volumes = await VolumeFate.LeftAsync(kube, removal, ct);
            return volumes.Count == 0
                ? await RemovalReporting.FinishAsync(session, removal, ct)
                : await RemovalReporting.WaitForVolumesAsync(session, removal, volumes, ct);
        }

        var (steps, deleted) = await WalkBackAsync(session, kube, live, remaining, ct);
        if (remaining.Count == 0 && ns is { IsTerminating: false })
        {
            deleted += await kube.DeleteAsync(ns.Ref, new DeleteOptions { Uid = ns.Uid, Propagation = DeletePropagation.Background }, ct) ? 1 : 0;
        }

        return await RemovalReporting.SaveAsync(session, live, remaining, steps, deleted, removal, ct);
    }

    /// <summary>What has to be done before anything may be deleted; null when it is done.</summary>
    private static async Task<ReconcileResult?> PrepareAsync(ReconcileSession session, KubeClient kube, LiveStack live, CancellationToken ct)
    {
        var target = session.Target;
        if (session.Rollout.Removal is not null)
        {
            return null;
        }

        await session.SaveInventoryAsync(Inventories.WithUids(RemovalProof.WithClaims(session.Inventory, live, target.Id), live, target.Id), ct);
        string? backup = null;
        if (target.Data == DataDisposition.BackUp && live.Namespace is { IsTerminating: false })
        {
            if (target.Spec.DayTwo.Paused)
            {
                // The deletion check refuses it; one that was approved before must not try for hours what cannot be.
                return await RemovalReporting.StuckAsync(
                    session, "It is paused, so MySQL cannot be backed up, and nothing was deleted. Delete it once more, keeping its volumes or without a backup.", ct);
            }

            await session.SaveInventoryAsync(Inventories.With(session.Inventory, LastBackup.Entry(target.Namespace)), ct);
            var identity = new StackIdentity(target.Id, target.Team, target.Name, target.Namespace, target.Generation);
            var health = await LastBackup.RunAsync(kube, live, identity, target.RetriedAt, ct);
            if (health is { Status: HealthStatus.Degraded })
            {
                return await RemovalReporting.StuckAsync(
                    session, $"The last backup failed, and nothing was deleted: {health.Message} Retry, or delete the environment without a backup.", ct);
            }

            if (health is { Status: not HealthStatus.Healthy })
            {
                return await RemovalReporting.WaitAsync(session, $"Writing the last backup; nothing is deleted before it is done. {health.Message}", ct);
            }

            backup = health is null ? "There was nothing to back up." : $"The last backup is on the volume of claim {Names.MySqlDumps}.";
        }

        var removal = await VolumeFate.DecideAsync(kube, live, target.Data, target.Id, ct);
        await session.SaveAsync(session.Status, session.Rollout with { Removal = removal with { Backup = backup } }, ct);
        return null;
    }

    private static async Task<(Dictionary<Component, RolloutStep> Steps, int Deleted)> WalkBackAsync(
        ReconcileSession session, KubeClient kube, LiveStack live, ILookup<Component, InventoryEntry> remaining, CancellationToken ct)
    {
        var steps = session.Rollout.Steps.ToDictionary(step => step.Component);
        var graph = StackBlueprint.Graph(session.Target.Spec);
        var deleted = 0;
        foreach (var node in graph.Nodes.OrderByDescending(node => graph.Wave(node.Component)))
        {
            var component = node.Component;
            if (graph.Nodes.Any(other => other.DependsOn.Contains(component) && remaining.Contains(other.Component)))
            {
                continue;
            }

            steps.TryAdd(component, new(component, graph.Wave(component), session.Now, null));
            deleted += await DeleteAsync(kube, live, remaining[component], ct);
            if (!remaining.Contains(component) && component != Component.Base && steps[component].SettledAt is null)
            {
                steps[component] = steps[component] with { SettledAt = session.Now };
            }
        }

        return (steps, deleted);
    }

    /// <summary>Sends the deletes of one component side by side: within it no object waits for another.</summary>
    private static async Task<int> DeleteAsync(KubeClient kube, LiveStack live, IEnumerable<InventoryEntry> entries, CancellationToken ct)
    {
        var deleted = 0;
        var due = entries.Select(entry => live.Find(entry)!).Where(existing => !existing.IsTerminating);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (existing, stop) =>
        {
            // Foreground: the object is gone only when its pods are.
            if (await kube.DeleteAsync(existing.Ref, new DeleteOptions { Uid = existing.Uid, Propagation = DeletePropagation.Foreground }, stop))
            {
                Interlocked.Increment(ref deleted);
            }
        });
        return deleted;
    }
}
