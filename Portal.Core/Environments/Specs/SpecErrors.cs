using Portal.Core.Results;

namespace Portal.Core.Environments.Specs;

/// <summary>Everything that can be wrong with a spec. The form and the API show the same sentences.</summary>
public static class SpecErrors
{
    public static Error UnknownPreset(string? word) => new("spec.preset.unknown", ErrorKind.Malformed,
        $"There is no preset {UserText.Quote(word)}. Choose one of: {string.Join(", ", Presets.All.Select(preset => preset.ToString().ToLowerInvariant()))}.", "preset");

    public static Error Unreadable(string field, string allowed) => new("spec.unreadable", ErrorKind.Malformed,
        $"The value of \"{field}\" cannot be read. Allowed: {allowed}.", field);

    public static Error UnknownField(string field, IEnumerable<string> allowed) => new("spec.field.unknown", ErrorKind.Malformed,
        $"There is no field {UserText.Quote(field)}. Fields here are: {string.Join(", ", allowed)}.", field);

    public static Error OutOfRange(string field, object value, object min, object max, string unit) => new("spec.range", ErrorKind.Invalid,
        $"{field} is {value}; allowed is {min} to {max}{(unit.Length > 0 ? " " + unit : "")}.", field);

    public static Error Rule(string field, string sentence) => new("spec.rule", ErrorKind.Invalid, sentence, field);
}
