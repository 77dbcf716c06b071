using Portal.Core.Environments;

namespace Portal.Web.Models;

/// <summary>How a value is entered.</summary>
public enum FieldKind
{
    Text,
    Whole,
    Decimal,
    Toggle,
    Choice,

    /// <summary>Several words, separated by commas.</summary>
    Words,

    /// <summary>Several whole numbers, separated by commas.</summary>
    Numbers,

    /// <summary>Several texts, one on each line.</summary>
    Lines,

    /// <summary>Routes, one on each line, as <see cref="RouteLines"/> writes them.</summary>
    Routes,

    /// <summary>Paths with numbers of rules, one on each line, as <see cref="ExclusionLines"/> writes them.</summary>
    Exclusions,

    /// <summary>A text, or nothing.</summary>
    OptionalText,

    /// <summary>A whole number, or nothing.</summary>
    OptionalWhole,
}

/// <summary>One field of the spec as the form asks for it.</summary>
/// <param name="Path">Where it is in the spec, as errors and the API spell it.</param>
public sealed record FormField(string Path, string Label, FieldKind Kind, string? Unit = null, string? Hint = null)
{
    /// <summary>For the few who need it: it has a good default and is folded away.</summary>
    public bool IsAdvanced { get; init; }

    /// <summary>The choice in another field without which it means nothing; null when it always does.</summary>
    public FieldCondition? OnlyWith { get; init; }

    /// <summary>Whether it takes several lines.</summary>
    public bool IsLong => Kind is FieldKind.Lines or FieldKind.Routes or FieldKind.Exclusions;

    public IReadOnlyList<FieldChoice> Choices { get; init; } = [];

    /// <summary>The id of the input on the page.</summary>
    public string Id => "f-" + Path.Replace('.', '-');
}

/// <summary>That the field at a path has a value.</summary>
public sealed record FieldCondition(string Path, string Value);

public sealed record FieldChoice(string Value, string Label);

/// <summary>Fields that belong together: one component or layer.</summary>
public sealed record FormSection(string Title, string Hint, IReadOnlyList<Component> Components, IReadOnlyList<FormField> Fields);
