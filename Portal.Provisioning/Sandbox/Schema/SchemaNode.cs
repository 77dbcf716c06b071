namespace Portal.Provisioning.Sandbox;

/// <summary>What a value at one place of an object may look like, and how values there are merged and owned.</summary>
internal sealed class SchemaNode
{
    public static readonly SchemaNode Anything = new() { Shape = SchemaShape.Any };

    private static readonly SchemaNode s_freeList = new() { Shape = SchemaShape.List, Atomic = true, Item = Anything };

    public required SchemaShape Shape { get; init; }

    /// <summary>The named type of an object; its fields are looked up when asked for, since types may contain themselves.</summary>
    public SchemaType? Type { get; init; }

    /// <summary>The node of list items and of map values.</summary>
    public SchemaNode? Item { get; init; }

    /// <summary>The value is owned and replaced as a whole.</summary>
    public bool Atomic { get; init; }

    /// <summary>The fields that identify an item of a keyed list, in ordinal order; empty for other lists.</summary>
    public string[] Keys { get; init; } = [];

    /// <summary>A list of scalars where each value is owned alone.</summary>
    public bool IsSet { get; init; }

    public bool Required { get; init; }

    /// <summary>The key of strategic merge patch; empty for a list of scalars merged by value, null for a list that is replaced.</summary>
    public string? MergeKey { get; init; }

    public bool IsKeyedList => Keys.Length > 0;

    /// <summary>Whether items inside the value can be owned one by one.</summary>
    public bool IsGranular => !Atomic && Shape is SchemaShape.Object or SchemaShape.Map or SchemaShape.Any;

    /// <summary>The node of a field or map entry; fields that the schema does not know are kept and may hold anything.</summary>
    public SchemaNode Child(string name) => Shape switch
    {
        SchemaShape.Object => Type!.Field(name) ?? Anything,
        SchemaShape.Map => Item!,
        _ => Anything,
    };

    /// <summary>Whether the entry is a declared field of a type rather than an entry of a map.</summary>
    public bool Declares(string name) => Shape == SchemaShape.Object && Type!.Field(name) is not null;

    /// <summary>The list rules for a value that turns out to be a list.</summary>
    public SchemaNode AsList() => Shape == SchemaShape.List ? this : s_freeList;
}
