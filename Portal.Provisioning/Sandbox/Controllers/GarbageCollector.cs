using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Deletes objects whose owners are gone, and carries out foreground and orphan deletion.</summary>
internal sealed class GarbageCollector(ControlContext cluster) : Controller(cluster)
{
    public override IReadOnlyList<ResourceKind> Watches { get; } = Kinds.All;

    public override void Observe(Change change)
    {
        if (change.Removed)
        {
            foreach (var dependent in Cluster.Store.Dependents(change.Now.Uid))
            {
                Look(dependent.Key);
            }
        }
        else if (change.Now.IsTerminating || (change.Before is null && change.Now.Owners.Length > 0))
        {
            Look(change.Key);
        }

        // A dependent that left may be the last one its terminating owner waits for.
        foreach (var uid in change.Removed ? change.Now.Owners : [])
        {
            if (Cluster.Store.ByUid(uid) is { IsTerminating: true } owner)
            {
                Look(owner.Key);
            }
        }
    }

    public override void Reconcile(ObjectKey key)
    {
        if (Cluster.Store.Get(key) is not { } item)
        {
            return;
        }

        if (item.IsTerminating)
        {
            Finish(item);
            return;
        }

        var gone = item.Owners.Where(uid => Cluster.Store.ByUid(uid) is null).ToHashSet();
        if (gone.Count == 0)
        {
            return;
        }

        if (gone.Count == item.Owners.Length)
        {
            Cluster.Deleter.DeleteIfThere(item, DeleteChoice.Background);
        }
        else
        {
            DropOwners(item, gone);
        }
    }

    private void Finish(StoredObject item)
    {
        var finalizers = (item.View.At("metadata") as JsonObject).Texts("finalizers").ToHashSet();
        if (finalizers.Contains(ObjectDeleter.Orphan))
        {
            foreach (var dependent in Cluster.Store.Dependents(item.Uid))
            {
                DropOwners(dependent, [item.Uid]);
            }

            DropFinalizer(item, ObjectDeleter.Orphan);
        }
        else if (finalizers.Contains(ObjectDeleter.Foreground))
        {
            var dependents = Cluster.Store.Dependents(item.Uid);
            foreach (var dependent in dependents.Where(dependent => !dependent.IsTerminating))
            {
                Cluster.Deleter.DeleteIfThere(dependent, new DeleteChoice(Propagation: ObjectDeleter.Foreground));
            }

            if (Cluster.Store.Dependents(item.Uid).Count == 0)
            {
                DropFinalizer(item, ObjectDeleter.Foreground);
            }
        }
    }

    private void DropOwners(StoredObject item, HashSet<string> uids) => Cluster.Writer.Modify(item.Key, root =>
    {
        var metadata = root.Section("metadata");
        var kept = metadata.Items("ownerReferences").Where(owner => !uids.Contains(owner.Text("uid") ?? "")).Select(owner => owner.DeepClone()).ToArray();
        metadata["ownerReferences"] = new JsonArray(kept);
        if (kept.Length == 0)
        {
            metadata.Remove("ownerReferences");
        }

        return true;
    });

    private void DropFinalizer(StoredObject item, string name) => Cluster.Writer.Modify(item.Key, root => ObjectDeleter.DropFinalizer(root, name));
}
