using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>Takes an environment one step nearer to nothing: what others depend on goes last, and gone means seen gone.</summary>
internal sealed class RemoveStep
{
    private const int Parallelism = 8;
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(5);

    public static async Task<ReconcileResult> RunAsync(ReconcileSession session, Cluster cluster, CancellationToken ct)
    {
        var target = session.Target;
        var kube = cluster.Client;
        await session.OpenRolloutAsync(RolloutKind.Delete, ct);
        var live = await LiveStack.ReadAsync(kube, target.Id, target.Namespace, session.Inventory.Select(entry => (entry.ApiVersion, entry.Kind)), ct);
        var remaining = session.Inventory
            .Where(entry => entry.Kind != "Namespace" && live.Find(entry) is { } existing && LiveStack.IsOurs(existing, target.Id))
            .ToLookup(entry => entry.Component);
        var ns = live.Namespace is { } existing && LiveStack.IsOurs(existing, target.Id) ? existing : null;
        if (ns is null && remaining.Count == 0)
        {
            return await FinishAsync(session, ct);
        }

        var steps = session.Rollout.Steps.ToDictionary(step => step.Component);
        var graph = StackBlueprint.Graph(target.Spec);
        var deleted = 0;
        foreach (var node in graph.Nodes.OrderByDescending(node => graph.Wave(node.Component)))
        {
            var component = node.Component;
            if (graph.Nodes.Any(other => other.DependsOn.Contains(component) && !IsGone(other.Component, remaining)))
            {
                continue;
            }

            steps.TryAdd(component, new(component, graph.Wave(component), session.Now, null));
            deleted += await DeleteAsync(kube, live, remaining[component], ct);
            if (IsGone(component, remaining) && component != Component.Base && steps[component].SettledAt is null)
            {
                steps[component] = steps[component] with { SettledAt = session.Now };
            }
        }

        if (remaining.Count == 0 && ns is { IsTerminating: false })
        {
            // Volumes and whatever else lives in the namespace go with it; the owner confirmed that the data dies.
            deleted += await kube.DeleteAsync(ns.Ref, new DeleteOptions { Uid = ns.Uid, Propagation = DeletePropagation.Background }, ct) ? 1 : 0;
        }

        return await ReportAsync(session, remaining, steps, deleted, ct);
    }

    private static bool IsGone(Component component, ILookup<Component, InventoryEntry> remaining) => !remaining[component].Any();

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

    private static async Task<ReconcileResult> ReportAsync(
        ReconcileSession session, ILookup<Component, InventoryEntry> remaining, Dictionary<Component, RolloutStep> steps, int deleted, CancellationToken ct)
    {
        var left = remaining.Sum(group => group.Count());
        var message = left > 0
            ? $"Deleting {string.Join(", ", remaining.Select(group => group.Key).Order().Take(3).Select(Components.Title))}: {left} objects are left."
            : $"Waiting for namespace {session.Target.Namespace} and its volumes to go.";
        var components = session.Status.Components
            .Select(status => IsGone(status.Component, remaining) && status.Component != Component.Base
                ? Moved(status, HealthStatus.Missing, "Deleted.", session.Now)
                : Moved(status, HealthStatus.Progressing, "Being deleted.", session.Now))
            .ToList();
        var rollout = session.Rollout with
        {
            Steps = [.. steps.Values.OrderBy(step => step.StartedAt).ThenBy(step => step.Component)],
            Changes = session.Rollout.Changes + new ChangeCount(0, 0, 0, deleted),
        };
        await session.SaveAsync(
            session.Status with { Phase = EnvironmentPhase.Deleting, Health = HealthStatus.Progressing, Message = message, Components = components }, rollout, ct);
        return new ReconcileResult.Waiting(message, s_lookAgain);
    }

    /// <summary>The namespace was looked for and is not there, so nothing that lived in it is; and nothing of ours is outside of it.</summary>
    private static async Task<ReconcileResult> FinishAsync(ReconcileSession session, CancellationToken ct)
    {
        var removed = session.Inventory.Count;
        var steps = session.Rollout.Steps.Select(step => step with { SettledAt = step.SettledAt ?? session.Now }).ToList();
        var components = session.Status.Components.Select(status => Moved(status, HealthStatus.Missing, "Deleted.", session.Now)).ToList();
        await session.SaveAsync(
            session.Status with
            {
                Phase = EnvironmentPhase.Deleted,
                Health = HealthStatus.Missing,
                Message = $"Deleted. All {removed} objects of its inventory and namespace {session.Target.Namespace} are gone from cluster {session.Target.Cluster}.",
                Components = components,
            },
            session.Rollout with { Steps = steps, Outcome = RolloutOutcome.Succeeded, FinishedAt = session.Now },
            ct);
        return new ReconcileResult.Settled();
    }

    private static ComponentStatus Moved(ComponentStatus status, HealthStatus health, string message, DateTimeOffset now) =>
        status.Health == health ? status with { Message = message } : new(status.Component, health, message, now);
}
