using System.Text.Json.Nodes;

namespace Portal.Provisioning.Drift;

/// <summary>One step of a path: a field, or an item of a list, told by its keys when it has some and by its place otherwise.</summary>
internal readonly record struct PathStep(string? Field, JsonObject? Item, IReadOnlyList<string>? Keys, int Index)
{
    public static PathStep To(string field) => new(field, null, null, 0);

    public static PathStep ToItem(JsonObject item, IReadOnlyList<string> keys) => new(null, item, keys, 0);

    public static PathStep ToPlace(int index) => new(null, null, null, index);
}
