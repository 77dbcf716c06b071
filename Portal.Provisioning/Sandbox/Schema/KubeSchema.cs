using System.Reflection;

namespace Portal.Provisioning.Sandbox;

/// <summary>The types of the Kubernetes API that the sandbox knows, read once from the embedded schema files.</summary>
/// <remarks><c>kubernetes.schema</c> is made by <c>make-schema.py</c> from the published OpenAPI document; the format is in its head.</remarks>
internal sealed class KubeSchema
{
    private static readonly Lazy<KubeSchema> s_shared = new(Load);

    private readonly Dictionary<string, SchemaType> _types = new(StringComparer.Ordinal);

    public static SchemaNode Root(string type) =>
        new() { Shape = SchemaShape.Object, Type = s_shared.Value._types[type] };

    private static KubeSchema Load()
    {
        var schema = new KubeSchema();
        var lines = Lines("kubernetes.schema").Concat(Lines("extensions.schema")).ToList();
        foreach (var head in lines.Where(line => line[0] != ' '))
        {
            var words = head.Split(' ');
            schema._types.Add(words[0], new SchemaType(words[0]) { Atomic = words.Length > 1 });
        }

        SchemaType? type = null;
        foreach (var line in lines)
        {
            if (line[0] != ' ')
            {
                type = schema._types[line.Split(' ')[0]];
                continue;
            }

            var words = line.Trim().Split(' ');
            type!.Add(words[0], schema.Node(words[1], words.AsSpan(2)));
        }

        return schema;
    }

    private SchemaNode Node(string type, ReadOnlySpan<string> marks)
    {
        string[] keys = [];
        string? mergeKey = null;
        var (required, set, atomic) = (false, false, false);
        foreach (var mark in marks)
        {
            required |= mark == "!";
            set |= mark == "set";
            atomic |= mark == "atomic";
            keys = mark.StartsWith("map=", StringComparison.Ordinal) ? Sorted(mark[4..].Split(',')) : keys;
            mergeKey = mark.StartsWith("merge=", StringComparison.Ordinal) ? mark[6..] : mergeKey;
        }

        if (type.StartsWith("[]", StringComparison.Ordinal) || type.StartsWith("{}", StringComparison.Ordinal))
        {
            return new SchemaNode
            {
                Shape = type[0] == '[' ? SchemaShape.List : SchemaShape.Map,
                Item = Node(type[2..], []),
                Keys = keys,
                IsSet = set,
                Atomic = atomic,
                Required = required,
                MergeKey = mergeKey,
            };
        }

        var shape = type switch
        {
            "str" => SchemaShape.Text,
            "int" => SchemaShape.Integer,
            "num" => SchemaShape.Number,
            "bool" => SchemaShape.Flag,
            "quantity" => SchemaShape.Quantity,
            "time" => SchemaShape.Time,
            "any" => SchemaShape.Any,
            _ => SchemaShape.Object,
        };
        var named = shape == SchemaShape.Object ? _types[type] : null;
        return new SchemaNode { Shape = shape, Type = named, Required = required, Atomic = atomic || named?.Atomic == true };
    }

    private static string[] Sorted(string[] keys)
    {
        Array.Sort(keys, StringComparer.Ordinal);
        return keys;
    }

    private static IEnumerable<string> Lines(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"Portal.Provisioning.Sandbox.Schema.{file}")
            ?? throw new InvalidOperationException($"The schema {file} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }
}
