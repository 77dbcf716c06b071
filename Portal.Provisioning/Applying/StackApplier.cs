using Portal.Core.Rollouts;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>Brings objects to what was rendered, and writes only what differs.</summary>
public sealed class StackApplier(CredentialFactory credentials)
{
    private const int Parallelism = 8;

    /// <summary>Lets the server check everything that is still to be written, without writing.</summary>
    /// <exception cref="KubeException">The first object that the server would refuse.</exception>
    public static async Task RehearseAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> manifests, CancellationToken ct)
    {
        var pending = manifests.Where(manifest => !manifest.IsCreateOnly && !IsInSync(manifest, live)).ToList();
        await Parallel.ForEachAsync(pending, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct }, async (manifest, stop) =>
            await kube.ApplyAsync(Stamped(manifest, live), new ApplyOptions { Force = true, DryRun = true }, stop));
    }

    /// <summary>Applies what differs, in the given order, and keeps what the server returned in <paramref name="live"/>.</summary>
    public async Task<ChangeCount> ApplyAsync(KubeClient kube, LiveStack live, IEnumerable<Manifest> manifests, CancellationToken ct)
    {
        var changes = new ChangeCount(0, 0, 0, 0);
        foreach (var manifest in manifests)
        {
            if (IsInSync(manifest, live))
            {
                continue;
            }

            // Volumes before the set: a claim that cannot grow stops here, before new pods rely on the room.
            await VolumeGrowth.GrowAsync(kube, live, manifest.Object, ct);
            var before = live.Find(manifest.Object.Ref);
            live.Put(manifest.IsCreateOnly
                ? await CreateAsync(kube, manifest, ct)
                : await kube.ApplyAsync(Stamped(manifest, live), new ApplyOptions { Force = true }, ct));
            changes += before is null ? new(1, 0, 0, 0) : new(0, 1, 0, 0);
        }

        return changes;
    }

    public static bool IsInSync(Manifest manifest, LiveStack live) =>
        live.Find(manifest.Object.Ref) is { } existing && ManifestHash.Matches(manifest, existing);

    private static KubeObject Stamped(Manifest manifest, LiveStack live) =>
        VolumeGrowth.KeepTemplates(ManifestHash.Stamp(manifest.Object), live.Find(manifest.Object.Ref));

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
