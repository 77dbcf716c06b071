using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Health;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>Takes an environment one step nearer to its spec.</summary>
/// <remarks>
/// Order: render; merge the intended set into the inventory; namespace; room in the quota; rehearse everything; then each component as soon as what it
/// depends on is healthy; prune what is no longer intended; report. It goes as far as it can and returns; nothing waits inside.
/// </remarks>
internal sealed class ProvisionStep(StackApplier applier)
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_quotaPause = TimeSpan.FromSeconds(1);

    public async Task<ReconcileResult> RunAsync(ReconcileSession session, Cluster cluster, CancellationToken ct)
    {
        var target = session.Target;
        var kube = cluster.Client;
        var stack = StackBlueprint.Render(
            target.Spec, new StackIdentity(target.Id, target.Team, target.Name, target.Namespace, target.Generation), await cluster.CapabilitiesAsync(ct));
        await session.OpenRolloutAsync(RolloutKind.Apply, ct);
        await session.SaveInventoryAsync(Inventories.Merge(session.Inventory, stack.Manifests), ct);

        var live = await LiveStack.ReadAsync(kube, target.Id, target.Namespace, session.Inventory.Select(entry => (entry.ApiVersion, entry.Kind)), ct);
        if (Occupied(live, target) is { } occupied)
        {
            return await StuckAsync(session, occupied, ct);
        }

        var quotas = QuotaRoom.Standing(live, stack.Manifests);
        if (await PrepareAsync(session, kube, live, stack, quotas, ct) is { } notYet)
        {
            return notYet;
        }

        var walk = await WalkAsync(session, kube, live, stack, quotas, ct);
        if (walk.AllHealthy)
        {
            walk = walk with { Changes = walk.Changes + await applier.ApplyAsync(kube, live, quotas, ct) };
        }

        await session.SaveInventoryAsync(Inventories.WithUids(session.Inventory, live), ct);
        var pruned = walk.AllHealthy ? await PruneAsync(session, kube, live, stack, ct) : 0;
        return await ReportAsync(session, walk, pruned, ct);
    }

    private static string? Occupied(LiveStack live, ReconcileTarget target) =>
        live.Namespace switch
        {
            null => null,
            var ns when !LiveStack.IsOurs(ns, target.Id) =>
                $"Namespace {target.Namespace} exists on cluster {target.Cluster} and does not belong to this environment. Remove it or choose another name.",
            { IsTerminating: true } => $"Namespace {target.Namespace} is being deleted by someone else; provisioning goes on when it is gone.",
            _ => null,
        };

    /// <summary>Creates the namespace, makes room in its quota, then lets the server check all the rest before any of it is written.</summary>
    private async Task<ReconcileResult?> PrepareAsync(ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, IReadOnlyList<Manifest> quotas, CancellationToken ct)
    {
        try
        {
            var namespaces = stack.Manifests.Where(manifest => manifest.Object.Kind == "Namespace").ToList();
            var changes = await applier.ApplyAsync(kube, live, namespaces, ct);
            await session.SaveAsync(session.Status, session.Rollout with { Changes = session.Rollout.Changes + changes }, ct);
            if (!await QuotaRoom.WidenAsync(kube, live, quotas, ct))
            {
                return new ReconcileResult.Waiting("The cluster is taking over the larger quota.", s_quotaPause);
            }

            if (session.Rollout.Steps.Count == 0)
            {
                await StackApplier.RehearseAsync(kube, live, stack.Manifests.Except(namespaces).Except(quotas), ct);
            }

            return null;
        }
        catch (KubeException refused) when (!refused.IsTransient)
        {
            return await StuckAsync(session, $"The cluster refuses the stack: {refused.Message}", ct);
        }
    }

    private async Task<Walk> WalkAsync(
        ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, IReadOnlyList<Manifest> quotas, CancellationToken ct)
    {
        var manifests = stack.Manifests.ToLookup(manifest => manifest.Component);
        var reports = new Dictionary<Component, HealthReport>();
        var steps = session.Rollout.Steps.ToDictionary(step => step.Component);
        var changes = session.Rollout.Changes;
        foreach (var node in stack.Graph.Nodes.OrderBy(node => stack.Graph.Wave(node.Component)))
        {
            var component = node.Component;
            var own = manifests[component].ToList();
            var waitsFor = node.DependsOn.Where(dependency => reports[dependency].Status != HealthStatus.Healthy).ToList();
            if (waitsFor.Count > 0 && !steps.ContainsKey(component) && !own.Exists(manifest => !manifest.Early && live.Find(manifest.Object.Ref) is not null))
            {
                reports[component] = new(HealthStatus.Missing, $"Waits for {string.Join(", ", waitsFor.Select(Components.Title))}.");
                continue;
            }

            if (waitsFor.Count > 0 && !steps.ContainsKey(component))
            {
                // It runs an older generation and goes on doing so until what it depends on is healthy in the new one.
                reports[component] = ComponentAssessment.Assess(component, own, live);
                continue;
            }

            steps.TryAdd(component, new(component, stack.Graph.Wave(component), session.Now, null));
            var toApply = component == Component.Base ? own.Union(stack.Manifests.Where(manifest => manifest.Early)) : own;
            changes += await applier.ApplyAsync(kube, live, toApply.Except(quotas), ct);
            reports[component] = ComponentAssessment.Assess(component, own, live);
            if (reports[component].Status == HealthStatus.Healthy && steps[component].SettledAt is null)
            {
                steps[component] = steps[component] with { SettledAt = session.Now };
            }
        }

        return new(reports, [.. steps.Values.OrderBy(step => step.StartedAt).ThenBy(step => step.Component)], changes);
    }

    /// <summary>Removes what the spec no longer asks for: only objects that carry this environment's label, by the UID that was read.</summary>
    private static async Task<int> PruneAsync(ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, CancellationToken ct)
    {
        var stale = Inventories.Stale(session.Inventory, stack.Manifests);
        var deleted = 0;
        foreach (var entry in stale)
        {
            if (live.Find(entry) is { } existing && LiveStack.IsOurs(existing, session.Target.Id) && !existing.IsTerminating)
            {
                await kube.DeleteAsync(entry.Ref(), new DeleteOptions { Uid = existing.Uid, Propagation = DeletePropagation.Background }, ct);
                deleted++;
            }
        }

        // An entry leaves the inventory when its object was seen gone, not when the delete was sent.
        await session.SaveInventoryAsync(Inventories.Without(session.Inventory, stale.Where(entry => live.Find(entry) is null)), ct);
        return deleted;
    }

    private static async Task<ReconcileResult> ReportAsync(ReconcileSession session, Walk walk, int pruned, CancellationToken ct)
    {
        var target = session.Target;

        // A finished rollout is history: a later repair shows in the status, not in its record.
        var rollout = session.Rollout.Outcome == RolloutOutcome.Running
            ? session.Rollout with { Steps = walk.Steps, Changes = walk.Changes + new ChangeCount(0, 0, 0, pruned) }
            : session.Rollout;
        var components = Statuses(session, walk);
        var laggards = components.Where(component => component.Health != HealthStatus.Healthy).ToList();
        if (laggards.Count == 0)
        {
            rollout = rollout.Outcome == RolloutOutcome.Running
                ? rollout with { Outcome = RolloutOutcome.Succeeded, FinishedAt = session.Now }
                : rollout;
            await session.SaveAsync(new(EnvironmentPhase.Ready, HealthStatus.Healthy, "Everything is healthy.", target.Generation, components), Same(rollout, session), ct);
            return pruned > 0 ? new ReconcileResult.Waiting("Removing what is no longer wanted.", s_lookAgain) : new ReconcileResult.Settled();
        }

        var first = laggards.FirstOrDefault(component => component.Health == HealthStatus.Degraded)
            ?? laggards.FirstOrDefault(component => component.Health == HealthStatus.Progressing)
            ?? laggards[0];
        var message = $"{first.Component.Title()}: {first.Message}" + (laggards.Count > 1 ? (laggards.Count == 2 ? " 1 more component is not healthy yet." : $" {laggards.Count - 1} more components are not healthy yet.") : "");
        var phase = rollout.Outcome == RolloutOutcome.Succeeded ? EnvironmentPhase.Degraded
            : target.Generation == 1 ? EnvironmentPhase.Provisioning : EnvironmentPhase.Updating;
        var health = laggards.Any(component => component.Health == HealthStatus.Degraded) ? HealthStatus.Degraded : HealthStatus.Progressing;
        await session.SaveAsync(new(phase, health, message, target.Generation, components), Same(rollout, session), ct);
        return new ReconcileResult.Waiting(message, s_lookAgain);
    }

    /// <summary>The saved rollout when nothing in it changed, so that equal steps do not look like a new record.</summary>
    private static Rollout Same(Rollout rollout, ReconcileSession session) =>
        rollout.Steps.SequenceEqual(session.Rollout.Steps) && rollout with { Steps = session.Rollout.Steps } == session.Rollout ? session.Rollout : rollout;

    private static List<ComponentStatus> Statuses(ReconcileSession session, Walk walk) =>
        [.. walk.Reports.OrderBy(report => report.Key).Select(report =>
        {
            var before = session.Status.Components.FirstOrDefault(status => status.Component == report.Key);
            return new ComponentStatus(report.Key, report.Value.Status, report.Value.Message, before?.Health == report.Value.Status ? before.Since : session.Now);
        })];

    private static async Task<ReconcileResult> StuckAsync(ReconcileSession session, string sentence, CancellationToken ct)
    {
        await session.SaveAsync(session.Status with { Phase = EnvironmentPhase.Stuck, Health = HealthStatus.Degraded, Message = sentence }, session.Rollout, ct);
        return new ReconcileResult.Stuck(sentence);
    }

    private sealed record Walk(IReadOnlyDictionary<Component, HealthReport> Reports, IReadOnlyList<RolloutStep> Steps, ChangeCount Changes)
    {
        public bool AllHealthy => Reports.Values.All(report => report.Status == HealthStatus.Healthy);
    }
}
