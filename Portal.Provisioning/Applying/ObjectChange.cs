using Portal.Core.Environments;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Drift;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Applying;

/// <summary>What has to be written to bring one object to its manifest, and what of it others keep.</summary>
/// <param name="Body">What to send; null when nothing is to be written.</param>
/// <param name="Force">Take fields from managers that the spec wins against.</param>
/// <param name="InDoubt">
/// The wish is the one that was applied, and the live object differs in fields that nobody else owns. That is drift, or how this cluster's
/// admission always changes such an object: the server's answer to a dry run tells which.
/// </param>
internal sealed record ObjectChange(Manifest Manifest, KubeObject? Body, bool Force, bool InDoubt, IReadOnlyList<OwnershipConflict> Conflicts)
{
    /// <summary>Decides from the live object alone. Pure, no call.</summary>
    public static ObjectChange Of(Manifest manifest, KubeObject? live, OwnershipRules rules)
    {
        if (live is null)
        {
            return new(manifest, ManifestHash.Stamp(manifest.Object), false, false, []);
        }

        // What is on its way out is made again when it is gone; a create-only object is as it should be by being there.
        if (live.IsTerminating || manifest.IsCreateOnly)
        {
            return new(manifest, null, false, false, []);
        }

        manifest = VolumeGrowth.Possible(manifest, live);
        var drift = DriftDetector.Detect(manifest, live);
        var conflicts = drift.Where(field => field.Manager is not null)
            .GroupBy(field => field.Manager!.Name)
            .Select(fields => new OwnershipConflict(
                manifest.Component, live.Kind, live.Name, fields.Key, [.. fields.Select(field => field.Path)], rules.Choose(live.Kind, live.Name, fields.Key)))
            .ToList();
        var left = conflicts.Where(conflict => conflict.Choice != OwnershipChoice.TakeOver).ToList();
        var takesOver = conflicts.Count > left.Count;
        var isWished = ManifestHash.Matches(manifest, live);
        var isOurs = drift.Any(field => field.Manager is null);
        if (isWished && !takesOver && !isOurs)
        {
            return new(manifest, null, false, false, left);
        }

        var keepers = left.Select(conflict => conflict.Manager).ToHashSet();
        var body = keepers.Count == 0 ? ManifestHash.Stamp(manifest.Object) : FieldYield.Without(ManifestHash.Stamp(manifest.Object), live, keepers);
        return new(manifest, VolumeGrowth.KeepTemplates(body, live), takesOver, isWished && !takesOver, left);
    }
}
