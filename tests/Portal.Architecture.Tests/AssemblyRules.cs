using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Portal.Architecture.Tests;

/// <summary>One reference in compiled code: a type, by its full name, that refers to another.</summary>
public sealed record TypeUse(string From, string To);

/// <summary>Rules over what the compiled assemblies refer to, which no using directive can hide.</summary>
internal static class AssemblyRules
{
    /// <summary>The namespaces that an assembly's code refers to from outside of it.</summary>
    public static IReadOnlySet<string> ReferencedNamespaces(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return metadata.TypeReferences
            .Select(handle => metadata.GetTypeReference(handle))
            .Select(type => metadata.GetString(type.Namespace))
            .Where(name => name.Length > 0)
            .ToHashSet();
    }

    public static IEnumerable<string> Forbidden(IEnumerable<string> namespaces, params string[] forbidden) =>
        namespaces.Where(name => forbidden.Any(start => name == start || name.StartsWith(start + ".", StringComparison.Ordinal)));

    /// <summary>References of one type to a foreign namespace in its fields, methods, base and locals, read from metadata by type.</summary>
    public static IEnumerable<TypeUse> UsesOf(System.Reflection.Assembly assembly, string foreign) =>
        from type in assembly.GetTypes()
        from used in Signature(type)
        where used.Namespace is { } name && (name == foreign || name.StartsWith(foreign + ".", StringComparison.Ordinal))
        select new TypeUse(type.FullName!, used.FullName ?? used.Name);

    public static IEnumerable<string> OutsideOf(IEnumerable<TypeUse> uses, string home) =>
        uses.Where(use => !use.From.StartsWith(home + ".", StringComparison.Ordinal)).Select(use => $"{use.From} uses {use.To}").Distinct();

    /// <summary>Methods whose cancellation token is not the last parameter, or has a default.</summary>
    public static IEnumerable<string> MisplacedTokens(IEnumerable<Type> types) =>
        from type in types
        where !type.Name.Contains('<', StringComparison.Ordinal)
        from method in type.GetMethods(All)
        where !method.Name.Contains('<', StringComparison.Ordinal)
        let parameters = method.GetParameters()
        from parameter in parameters
        where parameter.ParameterType == typeof(CancellationToken) && (parameter.Position != parameters.Length - 1 || parameter.HasDefaultValue)
        select $"{type.FullName}.{method.Name}";

    private const System.Reflection.BindingFlags All = System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Public
        | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static;

    private static IEnumerable<Type> Signature(Type type)
    {
        var methods = type.GetMethods(All).Cast<System.Reflection.MethodBase>().Concat(type.GetConstructors(All)).ToList();
        var direct = new[] { type.BaseType }
            .Concat(type.GetInterfaces())
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)))
            .Concat(methods.OfType<System.Reflection.MethodInfo>().Select(method => method.ReturnType))
            .Concat(methods.SelectMany(method => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []));
        return direct.Where(used => used is not null).SelectMany(used => Parts(used!)).Distinct();
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type)
        : [type];
}
