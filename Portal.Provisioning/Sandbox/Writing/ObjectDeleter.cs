using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Deletes objects as the API server does: preconditions, grace of pods, finalizers, propagation.</summary>
internal sealed class ObjectDeleter(ObjectStore store, TimeProvider time)
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    /// <summary>Deletes, or marks as terminating when something has to happen first.</summary>
    /// <returns>The object as it is now, and whether it is gone.</returns>
    public (StoredObject Object, bool Gone) Delete(ObjectKey key, DeleteChoice choice)
    {
        while (true)
        {
            var before = store.Get(key) ?? throw ApiFault.NotFound(key.Kind, key.Name);
            Preconditions(before, choice);
            var root = before.Parse();
            var waits = Mark(before, root, choice);
            if (choice.DryRun || (waits && JsonNode.DeepEquals(root, before.Parse())))
            {
                return (before, !waits);
            }

            var written = waits ? store.TryReplace(before, root) : store.TryRemove(before, root);
            if (written is not null)
            {
                return (written, !waits);
            }
        }
    }

    /// <summary>Takes a finalizer out of an object that is being changed.</summary>
    public static bool DropFinalizer(JsonObject root, string name)
    {
        var metadata = root.Section("metadata");
        metadata["finalizers"] = new JsonArray([.. metadata.Texts("finalizers").Where(finalizer => finalizer != name).Select(finalizer => JsonValue.Create(finalizer))]);
        return true;
    }

    /// <summary>Deletes what may already be gone.</summary>
    public void DeleteIfThere(StoredObject item, DeleteChoice choice)
    {
        if (store.Get(item.Key) is { } current && current.Uid == item.Uid)
        {
            try
            {
                Delete(item.Key, choice with { Uid = item.Uid });
            }
            catch (ApiFault fault) when (fault.Code is 404 or 409)
            {
                // Gone or replaced between the look and the delete: what was meant is no longer there.
            }
        }
    }

    private static void Preconditions(StoredObject item, DeleteChoice choice)
    {
        if (choice.Uid is { } uid && uid != item.Uid)
        {
            throw ApiFault.Conflict(item.Kind, item.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {item.Uid}");
        }

        if (choice.ResourceVersion is { } version && version != item.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            throw ApiFault.Conflict(item.Kind, item.Name, $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {item.Version}");
        }
    }

    /// <returns>Whether the object stays for now.</returns>
    private bool Mark(StoredObject item, JsonObject root, DeleteChoice choice)
    {
        var metadata = root.Section("metadata");
        if (!item.IsTerminating && choice.Propagation is { } finalizer)
        {
            var finalizers = metadata["finalizers"] as JsonArray ?? [];
            metadata["finalizers"] = finalizers.Parent is null ? finalizers : finalizers.DeepClone();
            ((JsonArray)metadata["finalizers"]!).Add(finalizer);
        }

        if (item.Kind == Kinds.Pod && PodGrace(root, choice) is var grace and > 0)
        {
            var current = metadata.Number("deletionGracePeriodSeconds");
            if (current is null || grace < current)
            {
                Terminate(root, grace);
            }

            return true;
        }

        var held = metadata["finalizers"] is JsonArray { Count: > 0 }
            || (item.Kind == Kinds.Namespace && root.Section("spec")["finalizers"] is JsonArray { Count: > 0 });
        if (!held)
        {
            return false;
        }

        if (!item.IsTerminating)
        {
            Terminate(root, 0);
            if (item.Kind == Kinds.Namespace)
            {
                root.Section("status")["phase"] = "Terminating";
            }
        }
        else if (item.Kind == Kinds.Pod)
        {
            metadata["deletionGracePeriodSeconds"] = 0;
        }

        return true;
    }

    private void Terminate(JsonObject root, long grace)
    {
        var metadata = root.Section("metadata");
        metadata["deletionTimestamp"] = ObjectWriter.Stamp(time.GetUtcNow().AddSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
        if (metadata.Number("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }
    }

    // A pod that never reached a node, or has ended, has nothing to wind down.
    private static long PodGrace(JsonObject root, DeleteChoice choice)
    {
        var spec = root.Section("spec");
        return spec["nodeName"] is null || root.Section("status").Text("phase") is "Succeeded" or "Failed"
            ? 0
            : choice.GraceSeconds ?? spec.Number("terminationGracePeriodSeconds") ?? 30;
    }
}
