using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>A set of field paths as a tree, the in-memory form of <c>fieldsV1</c>: keys are path elements (<c>f:spec</c>, <c>k:{...}</c>, <c>v:...</c>).</summary>
/// <remarks>
/// Built once, then only read: every operation returns a new set or shares unchanged parts. Children are two arrays in ordinal order,
/// so that every operation is one walk over both sides.
/// </remarks>
internal sealed class FieldSet
{
    public static readonly FieldSet Empty = new(false, [], []);

    private readonly string[] _elements;
    private readonly FieldSet[] _sets;

    private FieldSet(bool member, string[] elements, FieldSet[] sets)
    {
        Member = member;
        _elements = elements;
        _sets = sets;
    }

    /// <summary>The path itself is owned, not only paths below it.</summary>
    public bool Member { get; }

    public IEnumerable<(string Element, FieldSet Set)> Children => _elements.Zip(_sets);

    public bool IsEmpty => !Member && _elements.Length == 0;

    public static FieldSet Leaf { get; } = new(true, [], []);

    public FieldSet? Child(string element) =>
        Array.BinarySearch(_elements, element, StringComparer.Ordinal) is var index and >= 0 ? _sets[index] : null;

    /// <summary>Builds a set from its children; empty ones are left out, and of two with one name the later counts.</summary>
    public static FieldSet Of(bool member, IEnumerable<KeyValuePair<string, FieldSet>> children)
    {
        var builder = new Builder();
        foreach (var (element, child) in children)
        {
            if (!child.IsEmpty)
            {
                builder.Add(element, child);
            }
        }

        return builder.Build(member, sort: true);
    }

    /// <summary>Builds a set from the first so many children, of which none is empty and no two have one name; the arrays belong to it.</summary>
    public static FieldSet Of(bool member, string[] elements, FieldSet[] sets, int count)
    {
        if (count == 0)
        {
            return member ? Leaf : Empty;
        }

        if (count < elements.Length)
        {
            Array.Resize(ref elements, count);
            Array.Resize(ref sets, count);
        }

        Array.Sort(elements, sets, StringComparer.Ordinal);
        return new FieldSet(member, elements, sets);
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

        var builder = new Builder();
        var (left, right) = (0, 0);
        while (left < _elements.Length || right < other._elements.Length)
        {
            var order = Compare(left, other, right);
            if (order == 0)
            {
                builder.Add(_elements[left], _sets[left++].Union(other._sets[right++]));
            }
            else if (order < 0)
            {
                builder.Add(_elements[left], _sets[left++]);
            }
            else
            {
                builder.Add(other._elements[right], other._sets[right++]);
            }
        }

        return builder.Build(Member || other.Member, sort: false);
    }

    public FieldSet Without(FieldSet other)
    {
        if (other.IsEmpty || IsEmpty)
        {
            return this;
        }

        var builder = new Builder();
        var right = 0;
        for (var left = 0; left < _elements.Length; left++)
        {
            while (right < other._elements.Length && Compare(left, other, right) > 0)
            {
                right++;
            }

            var kept = right < other._elements.Length && Compare(left, other, right) == 0 ? _sets[left].Without(other._sets[right]) : _sets[left];
            if (!kept.IsEmpty)
            {
                builder.Add(_elements[left], kept);
            }
        }

        return builder.Build(Member && !other.Member, sort: false);
    }

    public FieldSet Intersect(FieldSet other)
    {
        var builder = new Builder();
        var (left, right) = (0, 0);
        while (left < _elements.Length && right < other._elements.Length)
        {
            var order = Compare(left, other, right);
            if (order == 0 && _sets[left].Intersect(other._sets[right]) is { IsEmpty: false } both)
            {
                builder.Add(_elements[left], both);
            }

            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }

        return builder.Build(Member && other.Member, sort: false);
    }

    public bool SameAs(FieldSet other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (Member != other.Member || !_elements.AsSpan().SequenceEqual(other._elements))
        {
            return false;
        }

        for (var i = 0; i < _sets.Length; i++)
        {
            if (!_sets[i].SameAs(other._sets[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The owned paths, spelled as conflict messages spell them: <c>.spec.containers[name="web"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (Member)
        {
            yield return prefix;
        }

        foreach (var (element, child) in Children)
        {
            foreach (var path in child.Paths(prefix + PathElement.Display(element)))
            {
                yield return path;
            }
        }
    }

    public static FieldSet FromJson(JsonObject? fields) => fields is null ? Empty : FromJson(fields, isRoot: true);

    /// <summary>Written and read again: a tree of nodes for each path would be ten times the memory, and hardly anybody looks into it.</summary>
    public JsonObject ToJson() => StoredObject.Reread(writer => WriteTo(writer, isRoot: true));

    private void WriteTo(Utf8JsonWriter writer, bool isRoot)
    {
        writer.WriteStartObject();
        if (!isRoot && Member && _elements.Length > 0)
        {
            writer.WriteStartObject(".");
            writer.WriteEndObject();
        }

        for (var i = 0; i < _elements.Length; i++)
        {
            writer.WritePropertyName(_elements[i]);
            _sets[i].WriteTo(writer, isRoot: false);
        }

        writer.WriteEndObject();
    }

    private static FieldSet FromJson(JsonObject fields, bool isRoot)
    {
        if (fields.Count == 0)
        {
            return isRoot ? Empty : Leaf;
        }

        var builder = new Builder();
        foreach (var (element, inner) in fields)
        {
            if (element != "." && FromJson(inner as JsonObject ?? [], isRoot: false) is { IsEmpty: false } child)
            {
                builder.Add(element, child);
            }
        }

        return builder.Build(!isRoot && fields.ContainsKey("."), sort: true);
    }

    private int Compare(int left, FieldSet other, int right) =>
        left >= _elements.Length ? 1 : right >= other._elements.Length ? -1 : string.CompareOrdinal(_elements[left], other._elements[right]);

    /// <summary>Gathers children; without any it gives one of the two sets that are shared.</summary>
    private ref struct Builder
    {
        private List<string>? _elements;
        private List<FieldSet>? _sets;

        public void Add(string element, FieldSet set)
        {
            (_elements ??= new(8)).Add(element);
            (_sets ??= new(8)).Add(set);
        }

        public readonly FieldSet Build(bool member, bool sort)
        {
            if (_elements is null)
            {
                return member ? Leaf : Empty;
            }

            string[] elements = [.. _elements];
            FieldSet[] sets = [.. _sets!];
            if (sort)
            {
                Array.Sort(elements, sets, StringComparer.Ordinal);
                for (var i = 1; i < elements.Length; i++)
                {
                    if (elements[i] == elements[i - 1])
                    {
                        return Distinct(member);
                    }
                }
            }

            return new FieldSet(member, elements, sets);
        }

        private readonly FieldSet Distinct(bool member)
        {
            var last = new SortedDictionary<string, FieldSet>(StringComparer.Ordinal);
            for (var i = 0; i < _elements!.Count; i++)
            {
                last[_elements[i]] = _sets![i];
            }

            return new FieldSet(member, [.. last.Keys], [.. last.Values]);
        }
    }
}
