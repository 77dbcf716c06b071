using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling.Removal;

/// <summary>Keeps the record of what was seen gone. Pure.</summary>
internal static class RemovalProof
{
    /// <summary>Adds what the inventory knows by UID and the cluster has no more. Another object of the same name is not the one that we owned.</summary>
    public static RemovalReport Add(RemovalReport report, IReadOnlyList<InventoryEntry> inventory, LiveStack live, DateTimeOffset now)
    {
        var known = report.Removed.Select(removed => removed.Uid).ToHashSet();
        var gone = inventory
            .Where(entry => entry.Uid is { } uid && !known.Contains(uid) && live.Find(entry)?.Uid != uid)
            .Select(entry => new RemovedObject(entry.Component, entry.Kind, entry.Namespace, entry.Name, entry.Uid, now))
            .ToList();
        return gone.Count == 0 ? report : report with { Removed = [.. report.Removed, .. gone] };
    }

    /// <summary>The inventory with the claims that controllers made for us, so that they are proven gone like everything else.</summary>
    public static IReadOnlyList<InventoryEntry> WithClaims(IReadOnlyList<InventoryEntry> inventory, LiveStack live, EnvironmentId id)
    {
        var known = inventory.Select(entry => (entry.Kind, entry.Name)).ToHashSet();
        var claims = live.OfKind("PersistentVolumeClaim")
            .Where(claim => LiveStack.IsOurs(claim, id) && !known.Contains((claim.Kind, claim.Name)))
            .Select(claim => new InventoryEntry(
                claim.ApiVersion, claim.Kind, claim.Namespace, claim.Name, Components.FromSlug(claim.Label(Blueprint.Labels.Component)) ?? Component.Base, claim.Uid))
            .ToList();
        return claims.Count == 0 ? inventory : [.. inventory, .. claims];
    }
}
