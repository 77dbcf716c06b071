using Portal.Core.Environments;
using Portal.Core.Rollouts;
using Portal.Provisioning.Applying;
using Portal.Provisioning.Blueprint;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Reconciling;

/// <summary>The arithmetic of inventories. Pure.</summary>
internal static class Inventories
{
    public static ObjectRef Ref(this InventoryEntry entry) => new(entry.ApiVersion, entry.Kind, entry.Namespace, entry.Name);

    /// <summary>What was recorded and what is intended: the set that must be known before the first write.</summary>
    public static IReadOnlyList<InventoryEntry> Merge(IReadOnlyList<InventoryEntry> recorded, IEnumerable<Manifest> intended)
    {
        var merged = recorded.ToDictionary(Key);
        foreach (var manifest in intended)
        {
            var reference = manifest.Object.Ref;
            var entry = new InventoryEntry(reference.ApiVersion, reference.Kind, reference.Namespace, reference.Name, manifest.Component, null);
            merged[Key(entry)] = merged.TryGetValue(Key(entry), out var known) ? entry with { Uid = known.Uid } : entry;
        }

        return Sorted(merged.Values);
    }

    /// <summary>With one more entry, unless it is known.</summary>
    public static IReadOnlyList<InventoryEntry> With(IReadOnlyList<InventoryEntry> recorded, InventoryEntry entry) =>
        recorded.Any(known => Key(known) == Key(entry)) ? recorded : Sorted(recorded.Append(entry));

    /// <summary>The UIDs of what is there now and is ours: another object of the same name is not the one that we own.</summary>
    public static IReadOnlyList<InventoryEntry> WithUids(IReadOnlyList<InventoryEntry> inventory, LiveStack live, EnvironmentId id) =>
        inventory.Select(entry => live.Find(entry) is { } item && item.Uid != entry.Uid && LiveStack.IsOurs(item, id) ? entry with { Uid = item.Uid } : entry).ToList();

    public static IReadOnlyList<InventoryEntry> Without(IReadOnlyList<InventoryEntry> inventory, IEnumerable<InventoryEntry> gone)
    {
        var keys = gone.Select(Key).ToHashSet();
        return inventory.Where(entry => !keys.Contains(Key(entry))).ToList();
    }

    /// <summary>Recorded objects that the spec does not ask for any more and that may go without the environment.</summary>
    public static IReadOnlyList<InventoryEntry> Stale(IReadOnlyList<InventoryEntry> inventory, IEnumerable<Manifest> intended, LiveStack live)
    {
        var keys = intended.Select(manifest => (manifest.Object.Ref.Group, manifest.Object.Kind, manifest.Object.Name)).ToHashSet();
        return inventory.Where(entry => !keys.Contains(Key(entry)) && (live.Find(entry) is { } item ? Prunable.IsPrunable(item) : Prunable.IsPrunable(entry.Kind))).ToList();
    }

    private static (string Group, string Kind, string Name) Key(InventoryEntry entry) => (entry.Ref().Group, entry.Kind, entry.Name);

    private static List<InventoryEntry> Sorted(IEnumerable<InventoryEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Component).ThenBy(entry => entry.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
}
