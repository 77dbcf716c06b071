using System.Text.Json.Nodes;
using Portal.Core.Plans;
using Portal.Provisioning.Kubernetes;

namespace Portal.Provisioning.Drift;

/// <summary>What differs between two states of one object, field by field, for people.</summary>
/// <remarks>Pure. What the server keeps for itself and what controllers report does not count; a Secret's values are never shown.</remarks>
public static class FieldDifferences
{
    private static readonly KubeObject s_absent = new([]);

    /// <summary>Ordered by path. Null stands for an object that is not there.</summary>
    public static IReadOnlyList<FieldChange> Between(KubeObject? before, KubeObject? after) =>
        Walk(subset: false, before ?? s_absent, after ?? s_absent, (before ?? after)?.Kind ?? "", swap: false);

    /// <summary>What applying the manifest would change in the live object, as far as that can be told without asking the server.</summary>
    internal static IReadOnlyList<FieldChange> Towards(KubeObject manifest, KubeObject live) =>
        Walk(subset: true, manifest, live, live.Kind, swap: true);

    private static List<FieldChange> Walk(bool subset, KubeObject left, KubeObject right, string kind, bool swap)
    {
        var changes = new List<FieldChange>();
        new FieldWalk(subset, (path, one, other) => changes.Add(Spell(kind, path, swap ? other : one, swap ? one : other))).Run(left, right);
        changes.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return changes;
    }

    private static FieldChange Spell(string kind, FieldPath path, JsonNode? before, JsonNode? after)
    {
        var (old, now) = FieldText.Of(kind, path, before, after);
        return new(path.ToString(), old, now);
    }
}
