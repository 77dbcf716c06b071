using System.Reflection;
using System.Text.Json;

namespace Portal.Core.Environments.Specs;

/// <summary>Says in words what a field of the spec may hold, read off the spec's types.</summary>
internal static class SpecShape
{
    public static string AllowedAt(string field)
    {
        var type = typeof(EnvironmentSpec);
        foreach (var step in field.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Split('[')[0];
            var property = Properties(type).FirstOrDefault(candidate => JsonNamingPolicy.CamelCase.ConvertName(candidate.Name) == name);
            if (property is null)
            {
                break;
            }

            type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (step.Contains('[', StringComparison.Ordinal) && ItemOf(type) is { } item)
            {
                type = item;
            }
        }

        return Describe(type);
    }

    /// <summary>What a list of objects holds; null for anything else.</summary>
    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && type.GetGenericArguments()[0] is { IsPrimitive: false } item && item != typeof(string) ? item : null;

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string Describe(Type type)
    {
        if (type.IsEnum)
        {
            return string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
        }

        return type switch
        {
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(string) => "text",
            _ when type.IsAssignableTo(typeof(IEnumerable<string>)) => "a list of texts",
            _ when type.IsAssignableTo(typeof(IEnumerable<int>)) => "a list of whole numbers",
            _ when ItemOf(type) is { } item => $"a list of objects, each {Describe(item)}",
            _ => "an object with " + string.Join(", ", Properties(type).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))),
        };
    }
}
