using Portal.Core.Environments;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Tests.Reconciling;

/// <summary>What must not be: objects that carry our label and that the inventory does not know, and entries without their object.</summary>
internal static class Orphans
{
    public static async Task<IReadOnlyList<string>> FindAsync(ReconcileWorld world, AppEnvironment environment)
    {
        var inventory = await world.InventoryAsync(environment.Id);
        var live = await world.LiveAsync(environment);
        var known = inventory.Select(entry => (entry.Kind, entry.Name)).ToHashSet();
        var unknown = live.All
            .Where(item => LiveStack.IsOurs(item, environment.Id) && item.At("metadata", "ownerReferences") is null && !IsOfASet(item) && !known.Contains((item.Kind, item.Name)))
            .Select(item => $"unknown {item.Ref}");
        var absent = inventory.Where(entry => live.Find(entry)?.Uid != entry.Uid).Select(entry => $"absent {entry.Kind}/{entry.Name}");
        return [.. unknown, .. absent];
    }

    // Claims of a StatefulSet are made by its controller and go with the namespace.
    private static bool IsOfASet(KubeObject item) => item.Kind == "PersistentVolumeClaim" && char.IsAsciiDigit(item.Name[^1]);
}
