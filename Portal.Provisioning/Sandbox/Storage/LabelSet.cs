using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Sandbox;

/// <summary>The labels of one object. A list that is searched: there are few, and a dictionary for each object is ten times the memory.</summary>
internal sealed class LabelSet : IReadOnlyDictionary<string, string>
{
    public static readonly LabelSet Empty = new([]);

    private static readonly LabelSet?[] s_known = new LabelSet?[4096];

    private readonly KeyValuePair<string, string>[] _labels;

    private LabelSet(KeyValuePair<string, string>[] labels) => _labels = labels;

    public int Count => _labels.Length;

    public IEnumerable<string> Keys => _labels.Select(label => label.Key);

    public IEnumerable<string> Values => _labels.Select(label => label.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no label {key}.");

    public static LabelSet Of(JsonObject? labels)
    {
        if (labels is not { Count: > 0 })
        {
            return Empty;
        }

        var list = new KeyValuePair<string, string>[labels.Count];
        var (at, hash) = (0, new HashCode());
        foreach (var (key, value) in labels)
        {
            list[at] = KeyValuePair.Create(SharedText.Of(key), SharedText.Of(value.AsText() ?? ""));
            hash.Add(list[at].Key);
            hash.Add(list[at++].Value);
        }

        // Objects of one component carry the same labels, and so does the next version of an object. A lost race only costs a copy.
        ref var slot = ref s_known[(uint)hash.ToHashCode() % (uint)s_known.Length];
        var known = Volatile.Read(ref slot);
        if (known is null || !IsSame(known._labels, list))
        {
            known = new LabelSet(list);
            Volatile.Write(ref slot, known);
        }

        return known;
    }

    private static bool IsSame(KeyValuePair<string, string>[] left, KeyValuePair<string, string>[] right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].Key != right[i].Key || left[i].Value != right[i].Value)
            {
                return false;
            }
        }

        return true;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var label in _labels)
        {
            if (label.Key == key)
            {
                value = label.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
