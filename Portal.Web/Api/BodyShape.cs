using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Environments.Specs;
using Portal.Core.Results;

namespace Portal.Web.Api;

/// <summary>Compares a JSON body with the record that it should be and says every difference.</summary>
internal static class BodyShape
{
    public static Result<T> Read<T>(JsonNode? node)
        where T : class
    {
        if (node is not JsonObject body)
        {
            return BodyErrors.NotAnObject();
        }

        var fields = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(Name);
        var errors = body.Where(member => !fields.ContainsKey(member.Key)).Select(member => BodyErrors.UnknownField(member.Key, fields.Keys)).ToList();
        errors.AddRange(fields.Select(field => Check(field.Key, field.Value, body[field.Key])).OfType<Error>());
        return errors.Count > 0 ? errors : body.Deserialize<T>(SpecJson.Options)!;
    }

    private static Error? Check(string name, PropertyInfo property, JsonNode? value)
    {
        var (allowed, fits) = property.PropertyType switch
        {
            var type when type == typeof(JsonObject) => ("an object", value is JsonObject),
            var type when type == typeof(long) => ("a whole number", value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue<long>(out _)),
            _ => ("text", value?.GetValueKind() == JsonValueKind.String),
        };
        if (value is null)
        {
            return property.IsDefined(typeof(RequiredMemberAttribute)) ? BodyErrors.Missing(name, allowed) : null;
        }

        return fits ? null : SpecErrors.Unreadable(name, allowed);
    }

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
