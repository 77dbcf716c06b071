using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Server-side apply on JSON trees: merge, ownership, conflicts, and removal of what the manager dropped. Pure.</summary>
internal static class ServerSideApply
{
    /// <param name="config">Becomes the new object itself when there is no live one.</param>
    /// <returns>The new object with its managed fields; the inputs are unchanged otherwise.</returns>
    /// <exception cref="ApiFault">Another manager owns a field that would change, and force was not asked for.</exception>
    public static JsonObject Apply(ResourceKind kind, JsonObject? live, JsonObject config, FieldManager manager, bool force, string now)
    {
        var schema = kind.Schema;
        var managed = ManagedFields.Read(live);
        var wanted = FieldSets.Of(schema, config);
        var last = managed.Of(manager);
        var merged = live is null ? config : (JsonObject)StructuredMerge.Merge(schema, live, config)!;
        if (live is not null)
        {
            StructuredMerge.Prune(schema, merged, last, wanted, managed.Others(manager));
            var changed = FieldSets.Changed(schema, live, merged);
            var conflicts = managed.Conflicts(manager, changed);
            if (conflicts.Count > 0 && !force)
            {
                throw ApiFault.FieldConflict(conflicts);
            }

            managed.Take(manager, changed);
            managed.Take(manager, FieldSets.Of(schema, live).Without(FieldSets.Of(schema, merged)));
        }

        managed.Set(manager, wanted, now);
        managed.Write(merged);
        return merged;
    }

    /// <summary>Records an update that was not an apply: what it changed becomes the manager's, what it removed nobody's.</summary>
    public static void Track(ResourceKind kind, JsonObject? before, JsonObject after, FieldManager manager, string now)
    {
        var schema = kind.Schema;
        var managed = ManagedFields.Read(before);
        var had = before is null ? FieldSet.Empty : FieldSets.Of(schema, before);
        var changed = before is null ? FieldSets.Of(schema, after) : FieldSets.Changed(schema, before, after);
        var removed = had.Without(FieldSets.Of(schema, after));
        managed.Take(manager, changed.Union(removed));
        managed.Set(manager, managed.Of(manager).Union(changed).Without(removed), now);
        managed.Write(after);
    }
}
