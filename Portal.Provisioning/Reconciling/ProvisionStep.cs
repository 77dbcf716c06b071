using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Clusters;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>Takes an environment one step nearer to its spec.</summary>
/// <remarks>
/// Order: render; merge the intended set into the inventory; namespace; room in the quota; rehearse everything; then each component as soon as what it
/// depends on is healthy; prune what is no longer intended; report. It goes as far as it can and returns; nothing waits inside.
/// </remarks>
internal sealed class ProvisionStep(StackApplier applier, PlatformSettings platform)
{
    private static readonly TimeSpan s_quotaPause = TimeSpan.FromSeconds(1);

    private readonly RenderedStacks _stacks = new(platform);

    public async Task<ReconcileResult> RunAsync(ReconcileSession session, Cluster cluster, CancellationToken ct)
    {
        var target = session.Target;
        var kube = cluster.Client;
        var stack = _stacks.Of(target, await cluster.CapabilitiesAsync(ct));
        await session.OpenRolloutAsync(RolloutKind.Apply, ct);
        var readAt = session.Now;
        // A try begins with open eyes.
        var seen = session.Rollout is { Outcome: RolloutOutcome.Running, Steps.Count: > 0 } ? _stacks.Seen(target.Id, readAt) : null;
        if (seen is null)
        {
            await session.SaveInventoryAsync(Inventories.Merge(session.Inventory, stack.Manifests), ct);
        }

        var live = await LiveStack.ReadAsync(kube, target.Id, target.Namespace, session.Inventory, seen?.Stack, ct);
        if (Occupied(live, target) is { } occupied)
        {
            return await StuckAsync(session, occupied, ct);
        }

        stack = KeptClaims.MakeRoom(stack, live);

        var rules = OwnershipRules.Of(target.Spec, target.Ownership);
        var quotas = QuotaRoom.Standing(live, stack.Manifests);
        if (await PrepareAsync(session, kube, live, stack, quotas, rules, ct) is { } notYet)
        {
            return notYet;
        }

        var sourceless = await SecretCopies.FollowAsync(kube, live, stack.Manifests, ct);
        var walk = await new ComponentWalk(applier, session, kube, live, stack, quotas, sourceless).RunAsync(rules, live.IsRemembered ? seen?.Done : null, ct);
        if (walk.AllSettled && live.IsRemembered)
        {
            // What was remembered may have changed meanwhile: nothing is called ready on hearsay.
            readAt = session.Now;
            live = await LiveStack.ReadAsync(kube, target.Id, target.Namespace, session.Inventory, null, ct);
            var last = await new ComponentWalk(applier, session, kube, live, stack, quotas, sourceless).RunAsync(rules, null, ct);
            // What others keep was seen twice, and is told once.
            walk = last with { Applied = last.Applied with { Changes = walk.Applied.Changes + last.Applied.Changes } };
        }

        _stacks.See(target.Id, live, readAt, walk.Done);
        if (walk.AllSettled)
        {
            walk = walk with { Applied = walk.Applied + await applier.ApplyAsync(kube, live, quotas, OwnershipRules.TakeOver, ct) };
        }

        session.Learn(Inventories.WithUids(session.Inventory, live, target.Id));
        var pruned = walk.AllSettled ? await PruneAsync(session, kube, live, stack, ct) : 0;
        var result = await ProvisionReport.SaveAsync(session, walk, pruned, ct);
        if (result is ReconcileResult.Settled)
        {
            _stacks.Forget(target.Id);
        }

        return result;
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
    private async Task<ReconcileResult?> PrepareAsync(
        ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, IReadOnlyList<Manifest> quotas, OwnershipRules rules, CancellationToken ct)
    {
        try
        {
            var namespaces = stack.Manifests.Where(manifest => manifest.Object.Kind == "Namespace").ToList();
            var made = (await applier.ApplyAsync(kube, live, namespaces, rules, ct)).Changes;
            await session.SaveAsync(session.Status, session.Rollout with { Changes = session.Rollout.Changes + made }, ct);
            // Once, at the beginning: what was given stays until the end, and then nothing is left of what was before.
            var begins = session.Rollout is { Outcome: RolloutOutcome.Running, Steps.Count: 0 };
            var needed = begins ? QuotaRoom.Needed(stack.Manifests, live, session.Target.Id) : null;
            if (!await QuotaRoom.WidenAsync(kube, live, quotas, needed, ct))
            {
                return new ReconcileResult.Waiting("The cluster is taking over the larger quota.", s_quotaPause);
            }

            if (begins)
            {
                await applier.RehearseAsync(kube, live, stack.Manifests.Except(namespaces).Except(quotas), rules, ct);
            }

            return null;
        }
        catch (KubeException refused) when (!refused.IsTransient)
        {
            return await StuckAsync(session, $"The cluster refuses the stack: {refused.Message}", ct);
        }
    }

    /// <summary>Removes what the spec no longer asks for: only objects that carry this environment's label, by the UID that was read.</summary>
    private static async Task<int> PruneAsync(ReconcileSession session, KubeClient kube, LiveStack live, RenderedStack stack, CancellationToken ct)
    {
        var stale = Inventories.Stale(session.Inventory, stack.Manifests, live);
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
        session.Learn(Inventories.Without(session.Inventory, stale.Where(entry => live.Find(entry) is null)));
        return deleted;
    }

    private static async Task<ReconcileResult> StuckAsync(ReconcileSession session, string sentence, CancellationToken ct)
    {
        await session.SaveAsync(session.Status with { Phase = EnvironmentPhase.Stuck, Health = HealthStatus.Degraded, Message = sentence }, session.Rollout, ct);
        return new ReconcileResult.Stuck(sentence);
    }
}
