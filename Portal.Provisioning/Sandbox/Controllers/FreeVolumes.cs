using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The volumes that no claim has: made by hand, or kept from an earlier claim and given free again.</summary>
internal sealed class FreeVolumes(ObjectStore store)
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public bool Any => _names.Count > 0;

    public void Observe(Change change)
    {
        _ = !change.Removed && change.Now.View.Text("status", "phase") == "Available" ? _names.Add(change.Key.Name) : _names.Remove(change.Key.Name);
    }

    /// <summary>The volume that the claim names, else one that is kept for it, else the first that suits it.</summary>
    /// <returns>Nothing when there is none; or why the named one cannot be had, as an event's reason and message.</returns>
    public (StoredObject? Volume, (string Reason, string Message)? Refusal) Find(StoredObject claim)
    {
        if (claim.View.Text("spec", "volumeName") is { Length: > 0 } name)
        {
            return Named(claim, name);
        }

        var free = _names.Select(each => store.Get(Kinds.PersistentVolume, "", each)).OfType<StoredObject>().Where(volume => Mismatch(volume, claim) is null).ToList();
        return (free.Find(volume => Reference(volume) is not null && IsKeptFor(volume, claim)) ?? free.Find(volume => Reference(volume) is null), null);
    }

    private (StoredObject? Volume, (string Reason, string Message)? Refusal) Named(StoredObject claim, string name)
    {
        if (store.Get(Kinds.PersistentVolume, "", name) is not { IsTerminating: false } volume)
        {
            return (null, ("FailedBinding", $"volume \"{name}\" not found"));
        }

        if (!IsKeptFor(volume, claim) || (volume.View.Text("spec", "claimRef", "uid") is { Length: > 0 } uid && uid != claim.Uid))
        {
            return (null, ("FailedBinding", $"volume \"{name}\" already bound to a different claim."));
        }

        return Mismatch(volume, claim) is { } mismatch ? (null, ("VolumeMismatch", $"Cannot bind to requested volume \"{name}\": {mismatch}")) : (volume, null);
    }

    private static JsonObject? Reference(StoredObject volume) => volume.View.At("spec", "claimRef") as JsonObject;

    private static bool IsKeptFor(StoredObject volume, StoredObject claim) =>
        Reference(volume) is not { } reference || (reference.Text("namespace") == claim.Namespace && reference.Text("name") == claim.Name);

    private static string? Mismatch(StoredObject volume, StoredObject claim)
    {
        var asked = Quantity.Milli(claim.View.Text("spec", "resources", "requests", "storage")) ?? 0;
        var offered = Quantity.Milli(volume.View.Text("spec", "capacity", "storage")) ?? 0;
        var modes = (volume.View.At("spec") as JsonObject).Texts("accessModes").ToHashSet(StringComparer.Ordinal);
        return offered < asked ? "requested PV is too small"
            : (volume.View.Text("spec", "storageClassName") ?? "") != (claim.View.Text("spec", "storageClassName") ?? "") ? "storageClassName does not match"
            : !(claim.View.At("spec") as JsonObject).Texts("accessModes").All(modes.Contains) ? "incompatible accessMode"
            : null;
    }
}
