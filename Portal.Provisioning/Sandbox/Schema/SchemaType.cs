namespace Portal.Provisioning.Sandbox;

/// <summary>A named type of the Kubernetes API with its fields.</summary>
internal sealed class SchemaType(string name)
{
    private readonly Dictionary<string, SchemaNode> _fields = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public IReadOnlyDictionary<string, SchemaNode> Fields => _fields;

    /// <summary>The fields that have to be there.</summary>
    public IReadOnlyList<string> Required => field ??= [.. _fields.Where(entry => entry.Value.Required).Select(entry => entry.Key)];

    /// <summary>Set for types whose every value is owned as a whole (label selectors, references).</summary>
    public bool Atomic { get; set; }

    public SchemaNode? Field(string name) => _fields.GetValueOrDefault(name);

    public void Add(string field, SchemaNode node) => _fields.Add(field, node);
}
