namespace Portal.Core.Plans;

/// <summary>One field of an object that differs: without a before it is new, without an after it goes. Never the value of a secret.</summary>
/// <param name="Path">For example <c>spec.template.spec.containers[name=gateway].image</c>.</param>
/// <param name="Before">Readable and bounded: of a long text only the lines that differ, with their numbers.</param>
public sealed record FieldChange(string Path, string? Before, string? After);
