using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Brings objects to what was rendered, and writes only what differs.</summary>
/// <remarks>
/// What differs is decided from the live object without a call (<see cref="ObjectChange"/>), so a look at what has not changed costs
/// nothing here. Kinds go in their order, objects of one kind side by side. Fields that others have set stay theirs unless the rules say
/// otherwise. A field that cannot change makes the object be deleted, and made again by a later look, where its kind allows that.
/// </remarks>
public sealed class StackApplier(CredentialFactory credentials)
{
    private const int Parallelism = 8;

    private readonly KnownInSync _inSync = new();

    /// <summary>Lets the server check everything that is still to be written, without writing.</summary>
    /// <exception cref="KubeException">One of the objects that the server would refuse.</exception>
    public async Task RehearseAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> manifests, OwnershipRules rules, CancellationToken ct)
    {
        var pending = Changes(manifests.Where(manifest => !manifest.IsCreateOnly), live, rules).Where(change => change is { Body: not null, InDoubt: false });
        await Parallel.ForEachAsync(pending, Options(ct), async (change, stop) =>
        {
            try
            {
                await kube.RehearseAsync(change.Body!, new ApplyOptions { Force = true }, stop);
            }
            catch (KubeException refused) when (IsReplaceable(refused, live, change.Manifest))
            {
                // It will be made anew instead.
            }
        });
    }

    /// <summary>Applies what differs and keeps what the server returned in <paramref name="live"/>.</summary>
    public async Task<ApplyOutcome> ApplyAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> manifests, OwnershipRules rules, CancellationToken ct)
    {
        var outcome = ApplyOutcome.Nothing;
        foreach (var sameKind in manifests.GroupBy(manifest => Kinds.Order(manifest.Object.Kind)).OrderBy(group => group.Key))
        {
            var changes = Changes(sameKind, live, rules).ToList();
            outcome += new ApplyOutcome(new(0, 0, 0, 0), [.. changes.SelectMany(change => change.Conflicts)]);
            var gate = new Lock();
            await Parallel.ForEachAsync(changes.Where(change => change.Body is not null), Options(ct), async (change, stop) =>
            {
                var written = await WriteAsync(kube, live, change, rules, stop);
                lock (gate)
                {
                    outcome += written;
                }
            });
        }

        return outcome;
    }

    /// <summary>Whether a look would leave the object alone.</summary>
    public static bool IsInSync(Manifest manifest, LiveStack live) =>
        live.Find(manifest.Object.Ref) is { IsTerminating: false } existing && ObjectChange.Of(manifest, existing, OwnershipRules.TakeOver).Body is null;

    /// <summary>What there is to write or to tell of each; nothing of those that were the same in this version before.</summary>
    private IEnumerable<ObjectChange> Changes(IEnumerable<Manifest> manifests, LiveStack live, OwnershipRules rules)
    {
        foreach (var manifest in manifests)
        {
            var existing = live.Find(manifest.Object.Ref);
            if (existing is not null && _inSync.Contains(manifest, existing))
            {
                continue;
            }

            var change = ObjectChange.Of(manifest, existing, rules);
            if (existing is { IsTerminating: false } && change is { Body: null, Conflicts: [] })
            {
                _inSync.Add(manifest, existing);
                continue;
            }

            yield return change;
        }
    }

    private async Task<ApplyOutcome> WriteAsync(KubeClient kube, LiveStack live, ObjectChange change, OwnershipRules rules, CancellationToken ct)
    {
        var reference = change.Manifest.Object.Ref;
        var before = live.Find(reference);
        if (change.Manifest.IsCreateOnly)
        {
            live.Put(await CreateAsync(kube, change.Manifest, ct));
            return Counted(before);
        }

        // Volumes before the set: a claim that cannot grow stops here, before new pods rely on the room.
        await VolumeGrowth.GrowAsync(kube, live, change.Manifest.Object, ct);
        try
        {
            if (change.InDoubt && await IsSettledAsync(kube, change, before!, ct))
            {
                return ApplyOutcome.Nothing;
            }

            live.Put(await kube.ApplyAsync(change.Body!, new ApplyOptions { Force = change.Force }, ct));
            return Counted(before);
        }
        catch (KubeException conflict) when (conflict.Fault == KubeFault.FieldManagerConflict)
        {
            return await YieldAsync(kube, live, change, conflict, rules, ct);
        }
        catch (KubeException refused) when (IsReplaceable(refused, live, change.Manifest))
        {
            await kube.DeleteAsync(reference, new DeleteOptions { Uid = before!.Uid, Propagation = DeletePropagation.Background }, ct);
            live.Remove(reference);
            return new(new(0, 0, 0, 1), []);
        }
    }

    /// <summary>Somebody set a field between our look and our write, or in a way that only the server sees: the rules decide once more.</summary>
    private static async Task<ApplyOutcome> YieldAsync(
        KubeClient kube, LiveStack live, ObjectChange change, KubeException conflict, OwnershipRules rules, CancellationToken ct)
    {
        var reference = change.Manifest.Object.Ref;
        var before = live.Find(reference);
        var conflicts = conflict.Conflicts.GroupBy(field => field.Manager)
            .Select(fields => new OwnershipConflict(
                change.Manifest.Component, reference.Kind, reference.Name, fields.Key, [.. fields.Select(field => field.Field.TrimStart('.'))],
                rules.Choose(reference.Kind, reference.Name, fields.Key)))
            .ToList();
        if (conflicts.Count == 0 || conflicts.Exists(item => item.Choice != OwnershipChoice.TakeOver))
        {
            return new(new(0, 0, 0, 0), conflicts);
        }

        live.Put(await kube.ApplyAsync(change.Body!, new ApplyOptions { Force = true }, ct));
        return Counted(before);
    }

    /// <summary>Whether the server would leave the object as it is: then the difference is how this cluster keeps it.</summary>
    private static async Task<bool> IsSettledAsync(KubeClient kube, ObjectChange change, KubeObject before, CancellationToken ct)
    {
        var after = await kube.ApplyAsync(change.Body!, new ApplyOptions { Force = true, DryRun = true }, ct);
        return FieldDifferences.Between(before, after).Count == 0;
    }

    private static bool IsReplaceable(KubeException refused, LiveStack live, Manifest manifest) =>
        refused.Fault == KubeFault.Immutable && live.Find(manifest.Object.Ref) is { } existing && Recreation.IsAllowed(manifest.Object, existing);

    private static ApplyOutcome Counted(KubeObject? before) => new(before is null ? new(1, 0, 0, 0) : new(0, 1, 0, 0), []);

    private static ParallelOptions Options(CancellationToken ct) => new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct };

    /// <summary>Creates a generated Secret, or keeps the one that is there: its values are in use.</summary>
    private async Task<KubeObject> CreateAsync(KubeClient kube, Manifest manifest, CancellationToken ct)
    {
        try
        {
            return await kube.CreateAsync(credentials.Fill(manifest), ct);
        }
        catch (KubeException present) when (present.Fault == KubeFault.AlreadyExists)
        {
            return await kube.GetAsync(manifest.Object.Ref, ct)
                ?? throw new KubeException(KubeFault.Conflict, $"{manifest.Object.Ref} was there and is gone again.") { Object = manifest.Object.Ref };
        }
    }
}
