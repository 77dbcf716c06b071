using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>Who owns which fields of an object: the parsed <c>metadata.managedFields</c>.</summary>
internal sealed class ManagedFields
{
    private readonly List<Entry> _entries;

    private ManagedFields(List<Entry> entries) => _entries = entries;

    public static ManagedFields Read(JsonObject? root)
    {
        var entries = (root?["metadata"] as JsonObject).Items("managedFields").Select(entry => new Entry(
            new FieldManager(
                entry.Text("manager") ?? "",
                entry.Text("operation") ?? "",
                entry.Text("apiVersion") ?? "",
                entry.Text("subresource") ?? ""),
            entry.Text("time") ?? "",
            FieldSet.FromJson(entry["fieldsV1"] as JsonObject)));
        return new ManagedFields([.. entries]);
    }

    public FieldSet Of(FieldManager manager) => _entries.Find(entry => entry.Manager == manager)?.Fields ?? FieldSet.Empty;

    /// <summary>Everything that managers other than this one own.</summary>
    public FieldSet Others(FieldManager manager) =>
        _entries.Where(entry => entry.Manager != manager).Aggregate(FieldSet.Empty, (all, entry) => all.Union(entry.Fields));

    /// <summary>Fields of the set that other managers own, with the manager's name.</summary>
    public IReadOnlyList<(string Manager, string Field)> Conflicts(FieldManager manager, FieldSet changed) =>
        [.. _entries
            .Where(entry => entry.Manager != manager)
            .SelectMany(entry => entry.Fields.Intersect(changed).Paths().Select(path => (entry.Manager.Describe(), path)))];

    /// <summary>Takes paths away from everybody but one manager.</summary>
    public void Take(FieldManager manager, FieldSet paths)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Manager != manager)
            {
                _entries[i] = _entries[i] with { Fields = _entries[i].Fields.Without(paths) };
            }
        }

        _entries.RemoveAll(entry => entry.Manager != manager && entry.Fields.IsEmpty);
    }

    /// <summary>Sets what a manager owns; the time moves only when that changes.</summary>
    public void Set(FieldManager manager, FieldSet fields, string now)
    {
        var index = _entries.FindIndex(entry => entry.Manager == manager);
        if (index < 0)
        {
            if (!fields.IsEmpty)
            {
                _entries.Add(new Entry(manager, now, fields));
            }
        }
        else if (fields.IsEmpty)
        {
            _entries.RemoveAt(index);
        }
        else if (!_entries[index].Fields.SameAs(fields))
        {
            _entries[index] = new Entry(manager, now, fields);
        }
    }

    public void Write(JsonObject root)
    {
        var metadata = root.Section("metadata");
        if (_entries.Count == 0)
        {
            metadata.Remove("managedFields");
            return;
        }

        metadata["managedFields"] = new JsonArray([.. _entries.Select(entry => entry.ToJson())]);
    }

    private sealed record Entry(FieldManager Manager, string Time, FieldSet Fields)
    {
        public JsonObject ToJson()
        {
            var json = new JsonObject
            {
                ["manager"] = Manager.Name,
                ["operation"] = Manager.Operation,
                ["apiVersion"] = Manager.ApiVersion,
                ["time"] = Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = Fields.ToJson(),
            };
            if (Manager.Subresource.Length > 0)
            {
                json["subresource"] = Manager.Subresource;
            }

            return json;
        }
    }
}
