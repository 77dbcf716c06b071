using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A set of field paths as a tree, the in-memory form of <c>fieldsV1</c>: keys are path elements (<c>f:spec</c>, <c>k:{...}</c>, <c>v:...</c>).</summary>
/// <remarks>Built once, then only read: every operation returns a new set or shares unchanged parts.</remarks>
internal sealed class FieldSet
{
    public static readonly FieldSet Empty = new();

    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path itself is owned, not only paths below it.</summary>
    public bool Member { get; private init; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !Member && _children.Count == 0;

    public static FieldSet Leaf { get; } = new() { Member = true };

    public FieldSet? Child(string element) => _children.GetValueOrDefault(element);

    /// <summary>Builds a set from its children; empty ones are left out.</summary>
    public static FieldSet Of(bool member, IEnumerable<KeyValuePair<string, FieldSet>> children)
    {
        var set = new FieldSet { Member = member };
        foreach (var (element, child) in children)
        {
            if (!child.IsEmpty)
            {
                set._children[element] = child;
            }
        }

        return set;
    }

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty)
        {
            return this;
        }

        if (IsEmpty)
        {
            return other;
        }

        var set = new FieldSet { Member = Member || other.Member };
        foreach (var (element, child) in _children)
        {
            set._children[element] = other.Child(element) is { } match ? child.Union(match) : child;
        }

        foreach (var (element, child) in other._children)
        {
            set._children.TryAdd(element, child);
        }

        return set;
    }

    public FieldSet Without(FieldSet other)
    {
        if (other.IsEmpty)
        {
            return this;
        }

        return Of(
            Member && !other.Member,
            _children.Select(pair => new KeyValuePair<string, FieldSet>(
                pair.Key, other.Child(pair.Key) is { } match ? pair.Value.Without(match) : pair.Value)));
    }

    public FieldSet Intersect(FieldSet other) => Of(
        Member && other.Member,
        _children
            .Where(pair => other._children.ContainsKey(pair.Key))
            .Select(pair => new KeyValuePair<string, FieldSet>(pair.Key, pair.Value.Intersect(other._children[pair.Key]))));

    public bool SameAs(FieldSet other) =>
        Member == other.Member
        && _children.Count == other._children.Count
        && _children.All(pair => other.Child(pair.Key) is { } match && pair.Value.SameAs(match));

    /// <summary>The owned paths, spelled as conflict messages spell them: <c>.spec.containers[name="web"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (Member)
        {
            yield return prefix;
        }

        foreach (var (element, child) in _children)
        {
            foreach (var path in child.Paths(prefix + PathElement.Display(element)))
            {
                yield return path;
            }
        }
    }

    public static FieldSet FromJson(JsonObject? fields) => fields is null ? Empty : FromJson(fields, isRoot: true);

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, child) in _children)
        {
            var inner = child.ToJson();
            if (child.Member && inner.Count > 0)
            {
                inner.Insert(0, ".", new JsonObject());
            }

            json[element] = inner;
        }

        return json;
    }

    private static FieldSet FromJson(JsonObject fields, bool isRoot) => Of(
        !isRoot && (fields.Count == 0 || fields.ContainsKey(".")),
        fields
            .Where(field => field.Key != ".")
            .Select(field => new KeyValuePair<string, FieldSet>(field.Key, FromJson(field.Value as JsonObject ?? [], isRoot: false))));
}
