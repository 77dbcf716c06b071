using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The one way objects are created and changed, for requests and controllers alike: defaults, admission, validation, generation, ownership.</summary>
/// <remarks>Safe on every thread; a change is computed on a copy and repeated when the object moved meanwhile.</remarks>
internal sealed class ObjectWriter(ObjectStore store, Admission admission, QuotaGate quotas, TimeProvider time)
{
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public ObjectStore Store => store;

    public QuotaGate Quotas => quotas;

    public string Now => Stamp(time.GetUtcNow());

    public static string Stamp(DateTimeOffset when) => when.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Creates an object from a decoded body, which belongs to the writer afterwards.</summary>
    /// <param name="manager">Who owns the fields; null when the body already carries its managed fields (apply) or nobody does (controllers).</param>
    public StoredObject Create(ResourceKind kind, JsonObject root, FieldManager? manager, bool dryRun) =>
        Create(kind, root, manager, dryRun, trusted: false);

    /// <summary>Creates what a controller made: nobody owns its fields, and what it was made from is valid already.</summary>
    public StoredObject CreateTrusted(ResourceKind kind, JsonObject root) => Create(kind, root, manager: null, dryRun: false, trusted: true);

    /// <summary>Creates what a controller wrote down as it is stored: of a kind that gets no defaults, has no labels, owners and generation, and that no quota counts.</summary>
    public StoredObject CreateWritten(ObjectKey key, Guid id, byte[] utf8)
    {
        admission.Home(key.Kind, key.Namespace, key.Name);
        admission.AskWebhooks("CREATE", key.Kind, key.Namespace, key.Name);
        return store.TryCreate(StoredObject.Written(key, id, utf8)) ?? throw ApiFault.AlreadyExists(key.Kind, key.Name);
    }

    private StoredObject Create(ResourceKind kind, JsonObject root, FieldManager? manager, bool dryRun, bool trusted)
    {
        var metadata = root.Section("metadata");
        var generated = Generate(metadata);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now;
        metadata.Remove("resourceVersion");
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1;
        }
        else
        {
            metadata.Remove("generation");
        }

        Defaults.Apply(kind, root);
        admission.OnCreate(kind, root);
        if (!trusted)
        {
            Validator.Check(kind, root);
        }

        admission.AskWebhooks("CREATE", kind, metadata.Text("namespace"), metadata.Text("name"));
        if (store.Get(kind, metadata.Text("namespace") ?? "", metadata.Text("name")!) is not null && !generated)
        {
            throw ApiFault.AlreadyExists(kind, metadata.Text("name")!);
        }

        if (!kind.Namespaced || kind == Kinds.Event)
        {
            return Keep(kind, root, manager, generated, dryRun);
        }

        try
        {
            quotas.Admit(kind, root, dryRun);
            return Keep(kind, root, manager, generated, dryRun);
        }
        catch
        {
            quotas.Forget(root);
            throw;
        }
    }

    private StoredObject Keep(ResourceKind kind, JsonObject root, FieldManager? manager, bool generated, bool dryRun)
    {
        var metadata = root.Section("metadata");
        if (manager is not null)
        {
            ServerSideApply.Track(kind, null, root, manager, Now);
        }

        StorageForm.Reduce(kind, root);
        if (dryRun)
        {
            return store.Get(kind, metadata.Text("namespace") ?? "", metadata.Text("name")!) is null
                ? StoredObject.Make(kind, root, 0)
                : throw ApiFault.AlreadyExists(kind, metadata.Text("name")!);
        }

        while (true)
        {
            if (store.TryCreate(kind, root) is { } created)
            {
                return created;
            }

            if (!generated)
            {
                throw ApiFault.AlreadyExists(kind, metadata.Text("name")!);
            }

            metadata.Remove("name");
            Generate(metadata);
        }
    }

    /// <summary>Changes an object as a client does.</summary>
    /// <param name="change">Gets a copy of the object and returns the wanted state; called again when the object moved meanwhile.</param>
    public StoredObject Change(ObjectKey key, Func<JsonObject, JsonObject> change, FieldManager? manager, bool statusOnly, bool dryRun)
    {
        while (true)
        {
            var before = store.Get(key) ?? throw ApiFault.NotFound(key.Kind, key.Name);
            var old = before.Parse();
            var next = Settle(key.Kind, old, change(before.Parse()), statusOnly);
            if (manager is not null)
            {
                ServerSideApply.Track(key.Kind, old, next, manager, Now);
            }

            if (JsonNode.DeepEquals(old, next))
            {
                return before;
            }

            if (dryRun)
            {
                return StoredObject.Make(key.Kind, next, before.Version);
            }

            if (Commit(before, next) is { } written)
            {
                return written;
            }
        }
    }

    /// <summary>Changes an object as a controller does: no validation, no ownership; false from the change means leave it.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="change">Gets a tree that holds only until it returns: nothing of it may be kept but copies.</param>
    /// <returns>The stored object; null when it is gone.</returns>
    public StoredObject? Modify(ObjectKey key, Func<JsonObject, bool> change) => Modify(key, change, specToo: false);

    /// <summary>As <see cref="Modify(ObjectKey, Func{JsonObject, bool})"/>, for a change that may touch the spec and so the generation.</summary>
    public StoredObject? ModifySpec(ObjectKey key, Func<JsonObject, bool> change) => Modify(key, change, specToo: true);

    private StoredObject? Modify(ObjectKey key, Func<JsonObject, bool> change, bool specToo)
    {
        while (store.Get(key) is { } before)
        {
            // What is read here is written again before this look ends, and nothing of it is kept.
            using var document = JsonDocument.Parse(before.Utf8);
            var next = JsonObject.Create(document.RootElement)!;
            if (!change(next))
            {
                return before;
            }

            var bytes = StoredObject.Serialize(next);
            if (IsSame(before, next, bytes))
            {
                return before;
            }

            if (specToo)
            {
                BumpGeneration(key.Kind, before.Parse(), next);
            }

            if (Commit(before, next, specToo ? null : bytes) is { } written)
            {
                return written;
            }
        }

        return null;
    }

    // Bytes first: parts that were not touched are still the parsed text, so this costs a copy instead of two trees. What is the same in another order has the same length.
    private static bool IsSame(StoredObject before, JsonObject next, byte[] bytes) =>
        bytes.Length == before.Size && (bytes.AsSpan().SequenceEqual(before.Utf8) || JsonNode.DeepEquals(before.Parse(), next));

    // A terminating object whose last finalizer is gone leaves with this very write.
    private StoredObject? Commit(StoredObject before, JsonObject next, byte[]? bytes = null)
    {
        var metadata = next.Section("metadata");
        var leaves = before.IsTerminating
            && metadata["finalizers"] is not JsonArray { Count: > 0 }
            && metadata.Number("deletionGracePeriodSeconds") is null or 0
            && (before.Kind != Kinds.Namespace || next.Section("spec")["finalizers"] is not JsonArray { Count: > 0 });
        return leaves && before.IsTerminating ? store.TryRemove(before, next) : store.TryReplace(before, next, bytes);
    }

    private JsonObject Settle(ResourceKind kind, JsonObject old, JsonObject next, bool statusOnly)
    {
        var name = old.Section("metadata").Text("name")!;
        if (statusOnly)
        {
            var status = next["status"].Copy();
            var managed = next.Section("metadata")["managedFields"].Copy();
            next = (JsonObject)old.DeepClone();
            Put(next, "status", status);
            Put(next.Section("metadata"), "managedFields", managed);
            Defaults.ApplyToStatus(kind, next);
            return next;
        }

        var (was, metadata) = (old.Section("metadata"), next.Section("metadata"));
        if (metadata.Text("uid") is { } uid && uid != was.Text("uid"))
        {
            throw ApiFault.Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {was.Text("uid")}");
        }

        foreach (var field in (ReadOnlySpan<string>)
            ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "generateName"])
        {
            Put(metadata, field, was[field].Copy());
        }

        if (kind.HasStatus)
        {
            Put(next, "status", old["status"].Copy());
        }

        Admission.OnUpdate(kind, old, next);
        Defaults.Apply(kind, next);
        admission.AfterDefaults(kind, next);
        Validator.Check(kind, next);
        Immutability.Check(kind, old, next);
        admission.AskWebhooks("UPDATE", kind, was.Text("namespace"), name);
        BumpGeneration(kind, old, next);
        StorageForm.Reduce(kind, next);
        return next;
    }

    private static void BumpGeneration(ResourceKind kind, JsonObject old, JsonObject next)
    {
        // The real server counts every kind with a generation but this one, which stays at its first.
        if (!kind.HasGeneration || kind == Kinds.PriorityClass)
        {
            return;
        }

        var changed = old.Concat(next).Select(field => field.Key).Distinct()
            .Any(field => field is not ("metadata" or "status") && !JsonNode.DeepEquals(old[field], next[field]));
        if (changed)
        {
            next.Section("metadata")["generation"] = (old.Section("metadata").Number("generation") ?? 0) + 1;
        }
    }

    private static void Put(JsonObject map, string field, JsonNode? value)
    {
        if (value is null)
        {
            map.Remove(field);
        }
        else
        {
            map[field] = value;
        }
    }

    private static bool Generate(JsonObject metadata)
    {
        if (metadata.Text("name") is { Length: > 0 } || metadata.Text("generateName") is not { Length: > 0 } prefix)
        {
            return false;
        }

        metadata["name"] = (prefix.Length > 58 ? prefix[..58] : prefix) + RandomSuffix(5);
        return true;
    }

    public static string RandomSuffix(int length) =>
        string.Create(length, 0, (span, _) => System.Security.Cryptography.RandomNumberGenerator.GetItems(NameAlphabet, span));
}
