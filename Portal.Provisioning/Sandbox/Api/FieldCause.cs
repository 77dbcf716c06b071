using System.Text.Json.Nodes;

namespace Portal.Provisioning.Sandbox;

/// <summary>One reason why an object is invalid, tied to a field.</summary>
internal sealed record FieldCause(string Reason, string Field, string Message)
{
    public static FieldCause Required(string field, string detail = "") =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldCause Invalid(string field, JsonNode? value, string detail) =>
        new("FieldValueInvalid", field, $"Invalid value: {value?.ToJsonString() ?? "null"}: {detail}");

    public static FieldCause Immutable(string field, JsonNode? value) => Invalid(field, value, "field is immutable");

    public static FieldCause Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");

    public static FieldCause NotSupported(string field, JsonNode? value, params ReadOnlySpan<string> allowed) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {value?.ToJsonString() ?? "null"}: supported values: {string.Join(", ", allowed.ToArray().Select(text => $"\"{text}\""))}");

    public static FieldCause Duplicate(string field, JsonNode? value) =>
        new("FieldValueDuplicate", field, $"Duplicate value: {value?.ToJsonString() ?? "null"}");

    public JsonObject ToJson() => new() { ["reason"] = Reason, ["message"] = Message, ["field"] = Field };

    public override string ToString() => $"{Field}: {Message}";
}
